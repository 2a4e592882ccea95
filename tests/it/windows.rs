//! What Windows asks of names, paths, line ends and slashes, as far as another system can check it.

use crate::bureau::{self, contents};
use crate::program::{shuzhi, text};
use std::fs;
use std::path::Path;

/// Where an office keeps such a folder.
const USUAL: &str =
    r"C:\Users\Administrator\Documents\WeChat Files\2024年1月\某某市水务局2023年度党建工作考核（定稿）";
/// What Windows calls a device, whatever ending follows.
const DEVICES: [&str; 4] = ["CON", "PRN", "AUX", "NUL"];

/// What is wrong with a path below the folder on Windows.
fn fault(path: &str) -> Option<&'static str> {
    for part in path.split('/') {
        let stem = part.split('.').next().unwrap().trim_end().to_uppercase();
        let numbered = stem.strip_prefix("COM").or(stem.strip_prefix("LPT"));
        if DEVICES.contains(&&*stem)
            || numbered.is_some_and(|n| n.chars().count() == 1 && n.chars().all(char::is_numeric))
        {
            return Some("a device");
        }
        if part.ends_with(['.', ' ']) || part.chars().any(|c| c.is_control() || "<>:\"\\|?*".contains(c)) {
            return Some("a character");
        }
    }
    // As long as it is while it is being written.
    let aside = format!("{USUAL}\\.{}", path.replacen('/', "-正在写入/", 1));
    (aside.encode_utf16().count() >= 260).then_some("too long")
}

#[test]
fn the_check_sees_what_windows_refuses() {
    for path in
        ["成果/CON", "成果/nul.docx", "成果/com1 .x/甲", "成果/LPT²", "成果/甲.", "成果/甲 /乙", "成果/a:b"]
    {
        assert!(fault(path).is_some(), "{path}");
    }
    assert_eq!(fault(&format!("成果/{}", "长".repeat(200))), Some("too long"));
    assert_eq!(fault("成果/述职报告/COM10党支部.docx"), None);
}

#[test]
fn whatever_units_are_called_their_files_can_be_stored() {
    let folder = tempfile::tempdir().unwrap();
    let submitted = folder.path().join("报送");
    fs::create_dir(&submitted).unwrap();
    let long = "长江上游水土保持重点防治工程建设管理".repeat(12) + "党支部";
    let names = [
        "CON",
        "nul.党支部",
        "COM1",
        "lpt9 ",
        "AUX.2023",
        "甲支部...",
        "乙支部 . ",
        "丙/丁\\戊支部",
        "己:庚*支部?",
        "“辛”<壬>|支部",
        &long,
        &(long.clone() + "（二）"),
        "Com¹",
        "𠮷村党支部",
    ];
    for (at, name) in names.iter().enumerate() {
        let quoted = name.replace('"', "\"\"");
        let ledger =
            format!("\"填报单位：{quoted}\",,\n活动时间,活动类型,活动名称\n2023-03-05,支委会,研究工作{at}\n");
        fs::write(submitted.join(format!("{at}.csv")), ledger).unwrap();
    }
    let register: Vec<String> = names.iter().map(|name| format!("[[支部]]\n名称 = '{name}'\n")).collect();
    fs::write(folder.path().join("考核.toml"), format!("年度 = 2023\n{}", register.concat())).unwrap();
    let dir = folder.path().to_str().unwrap();
    for command in [&["run", dir][..], &["forms", dir, "--year", "2024"], &["check", dir, "--return"]] {
        let output = shuzhi(command);
        assert!(matches!(output.status.code(), Some(0 | 1)), "{}", text(&output.stderr));
    }
    let written = contents(folder.path());
    let of = |start: &str| written.keys().filter(|path| path.starts_with(start)).count();
    assert_eq!((of("填报表/"), of("成果/评分表/")), (names.len(), names.len()));
    for path in written.keys().filter(|path| !path.starts_with("报送/")) {
        assert_eq!(fault(path), None, "{path}");
    }
    // Two names that differ only in case are one file there.
    let folded: std::collections::BTreeSet<String> = written.keys().map(|path| path.to_lowercase()).collect();
    assert_eq!(folded.len(), written.len());
}

/// Writes settings, list, ledger, template and scheme with these ends of lines.
fn written(folder: &Path, change: &dyn Fn(&str) -> String) {
    let put = |name: &str, text: &str| {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, change(text)).unwrap();
    };
    put(
        "考核.toml",
        "年度 = 2023\n单位 = \"某局\"\n清单 = \"学校责任清单.txt\"\n\n[[支部]]\n名称 = \"一支部\"\n\n[表格.一]\n文件 = \"一支部.csv\"\n首行 = 3\n",
    );
    let list = fs::read_to_string(bureau::fixture("lists/学校党支部.txt")).unwrap();
    put("学校责任清单.txt", &list);
    put(
        "报送/一支部.csv",
        "填报单位：一支部,,\n活动时间,活动类型,活动名称\n2023-03-05,支委会,\"研究\n师德师风\"\n2023-04-05,党课,讲党课\n",
    );
    let template =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/考核结果通报.txt"));
    put("模板/考核结果通报.txt", &template.unwrap());
}

#[test]
fn ends_of_lines_and_byte_order_marks_do_not_matter() {
    let ways: [&dyn Fn(&str) -> String; 3] = [&str::to_owned, &|text| text.replace('\n', "\r\n"), &|text| {
        format!("\u{feff}{}", text.replace('\n', "\r\n"))
    }];
    let made: Vec<_> = ways
        .iter()
        .map(|way| {
            let folder = tempfile::tempdir().unwrap();
            written(folder.path(), way);
            let output = shuzhi(&["run", folder.path().to_str().unwrap()]);
            assert_eq!(output.status.code(), Some(0), "{}{}", text(&output.stdout), text(&output.stderr));
            let mut made = contents(&folder.path().join("成果"));
            // Size and hash of the input are what they are.
            made.remove("运行记录.json");
            made
        })
        .collect();
    for other in &made[1..] {
        assert_eq!(made[0].keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
        for (name, bytes) in &made[0] {
            assert!(other[name] == *bytes, "{name}");
        }
    }
}

#[test]
fn backslashes_are_slashes_in_settings() {
    let folder = tempfile::tempdir().unwrap();
    written(folder.path(), &str::to_owned);
    fs::create_dir(folder.path().join("设置")).unwrap();
    fs::rename(folder.path().join("学校责任清单.txt"), folder.path().join("设置/学校责任清单.txt")).unwrap();
    fs::create_dir(folder.path().join("报送/县局")).unwrap();
    fs::rename(folder.path().join("报送/一支部.csv"), folder.path().join("报送/县局/一支部.csv")).unwrap();
    let settings = fs::read_to_string(folder.path().join("考核.toml")).unwrap();
    for slash in ["\\\\", "/"] {
        let settings = settings
            .replace("\"学校", &format!("\"设置{slash}学校"))
            .replace("\"一支部.csv\"", &format!("\"县局{slash}一支部.csv\""));
        fs::write(folder.path().join("考核.toml"), settings).unwrap();
        let output = shuzhi(&["run", folder.path().to_str().unwrap()]);
        let said = text(&output.stdout) + &text(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{slash}: {said}");
        assert!(!said.contains("没有找到"), "{slash}: {said}");
        assert!(contents(&folder.path().join("成果")).contains_key("评分表/一支部.xlsx"));
    }
    // A clerk writes one backslash, which TOML does not take: the line is named.
    let settings = settings.replace("\"学校", "\"设置\\学校");
    fs::write(folder.path().join("考核.toml"), settings).unwrap();
    let output = shuzhi(&["run", folder.path().to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    let told = text(&output.stderr);
    assert!(told.contains("考核.toml 第3行") && told.contains("反斜杠“\\”请写成“/”"), "{told}");
}
