//! The package of a template: which parts hold text, and the rest as it stands.
//!
//! In: the bytes of a file. Out: texts of parts; a package without them. Never here: placeholders.

use super::fault::Fault;
use super::xml::{Tree, attribute, each_tag};
use std::io::{Cursor, Read, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

/// Bytes of a template.
const FILE_BYTES: usize = 100 * 1024 * 1024;
/// Bytes of all its parts once unpacked.
const UNPACKED_BYTES: u128 = 400 * 1024 * 1024;
/// Bytes of all parts that are filled, once unpacked.
const TEXT_BYTES: u64 = 32 * 1024 * 1024;
/// Parts of a template.
const PARTS: usize = 10_000;

/// A part that holds text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    pub path: String,
    /// 正文, 页眉, …, numbered where there are several.
    pub name: String,
    pub text: String,
}

/// An opened template.
#[derive(Debug)]
pub(super) struct Package<'b> {
    archive: ZipArchive<Cursor<&'b [u8]>>,
    pub parts: Vec<Part>,
    pub styles: String,
}

/// Kinds of parts by the ending of their type, with their names for a reader.
const KINDS: [(&str, &str); 5] = [
    ("wordprocessingml.document.main+xml", "正文"),
    ("wordprocessingml.header+xml", "页眉"),
    ("wordprocessingml.footer+xml", "页脚"),
    ("wordprocessingml.footnotes+xml", "脚注"),
    ("wordprocessingml.endnotes+xml", "尾注"),
];

const SAVE_AS: &str = "请用 WPS 或 Word 打开，另存为 .docx";

impl<'b> Package<'b> {
    /// Opens a template.
    ///
    /// # Errors
    /// Why it is none.
    pub(super) fn open(bytes: &'b [u8]) -> Result<Self, Fault> {
        let whole = |message: &str, advice: &str| Fault::new("", message, advice);
        if bytes.is_empty() {
            return Err(whole("文件是空的（0 字节）", "请重新保存模板"));
        }
        if bytes.len() > FILE_BYTES {
            return Err(whole("文件超过100 MB", "请压缩其中的图片再试"));
        }
        if !bytes.starts_with(b"PK") {
            return Err(no_package(bytes));
        }
        let damaged = || whole("文件已损坏，打不开", "请用 WPS 或 Word 打开确认，重新保存");
        let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged())?;
        let too_large = || whole("文件解压后过大", "请删去用不着的图片和内容再试");
        if archive.len() > PARTS {
            return Err(too_large());
        }
        let mut unpacked = 0_u128;
        for at in 0..archive.len() {
            let part = archive.by_index_raw(at).map_err(|_| damaged())?;
            unpacked += u128::from(part.size());
            if part.encrypted() {
                return Err(whole("文件设有密码", "请取消密码后重新保存"));
            }
        }
        if unpacked > UNPACKED_BYTES {
            return Err(too_large());
        }
        let has = |archive: &ZipArchive<_>, start: &str| {
            archive.file_names().flatten().any(|n| n.starts_with(start))
        };
        let mut left = TEXT_BYTES;
        let Some(types) = text(&mut archive, "[Content_Types].xml", &mut left)? else {
            let what = if has(&archive, "content.xml") {
                "这是 ODF 文档，不是 .docx"
            } else {
                "这是压缩包，不是 Word 文档"
            };
            return Err(whole(what, SAVE_AS));
        };
        let mut package = Self { archive, parts: Vec::new(), styles: String::new() };
        let listed = listed(&types);
        let body = listed.iter().find(|(_, kind)| kind.ends_with(KINDS.first().map_or("", |k| k.0)));
        if body.is_none() {
            let of = |mark: &str| listed.iter().any(|(_, kind)| kind.contains(mark));
            return Err(if of("macroEnabled") {
                whole("这是带宏的 Word 文件（.docm 或 .dotm）", SAVE_AS)
            } else if of("wordprocessingml.template") {
                whole("这是 Word 的 .dotx 模板", SAVE_AS)
            } else if of("spreadsheetml") {
                whole("这是 Excel 工作簿，不是 Word 文档", "请换成 .docx 文件")
            } else if of("presentationml") {
                whole("这是演示文稿，不是 Word 文档", "请换成 .docx 文件")
            } else {
                whole("文件里没有正文，不是完整的 Word 文档", SAVE_AS)
            });
        }
        for (ending, name) in KINDS {
            let paths: Vec<&str> = listed
                .iter()
                .filter(|(_, kind)| kind.ends_with(ending))
                .map(|(path, _)| path.as_str())
                .collect();
            for (at, path) in paths.iter().enumerate() {
                let name = if paths.len() > 1 { format!("第{}个{name}", at + 1) } else { name.to_owned() };
                match text(&mut package.archive, path, &mut left)? {
                    Some(text) => package.parts.push(Part { path: (*path).to_owned(), name, text }),
                    None if package.parts.is_empty() => {
                        let message = format!("文件里缺少正文（{path}）");
                        return Err(whole(&message, "文件可能已损坏，请用 WPS 或 Word 打开，另存一份再试"));
                    }
                    None => {}
                }
            }
        }
        let styles = listed.iter().find(|(_, kind)| kind.ends_with("wordprocessingml.styles+xml"));
        if let Some((path, _)) = styles {
            package.styles = text(&mut package.archive, path, &mut left)?.unwrap_or_default();
        }
        Ok(package)
    }

    /// The package without some parts, everything else byte for byte as it is.
    ///
    /// # Errors
    /// Where a part cannot be copied.
    pub(super) fn without(&mut self, filled: &[&str]) -> zip::result::ZipResult<Vec<u8>> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for at in 0..self.archive.len() {
            let part = self.archive.by_index_raw(at)?;
            if !filled.contains(&part.name()?.as_ref()) {
                writer.raw_copy_file(part)?;
            }
        }
        Ok(writer.finish()?.into_inner())
    }
}

/// A package with further parts.
///
/// # Errors
/// Where they cannot be packed.
pub(super) fn with(package: &[u8], parts: &[(&str, String)]) -> zip::result::ZipResult<Vec<u8>> {
    let more: usize = parts.iter().map(|(_, text)| text.len() / 6 + 400).sum();
    let mut bytes = Vec::with_capacity(package.len() + more);
    bytes.extend_from_slice(package);
    let mut writer = ZipWriter::new_append(Cursor::new(bytes))?;
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::DEFAULT);
    for (path, text) in parts {
        writer.start_file(*path, options)?;
        writer.write_all(text.as_bytes())?;
    }
    Ok(writer.finish()?.into_inner())
}

/// The text of a part, within what is left for all; none where there is no such part.
fn text(
    archive: &mut ZipArchive<Cursor<&[u8]>>,
    path: &str,
    left: &mut u64,
) -> Result<Option<String>, Fault> {
    let damaged = |what: &str| {
        Fault::new("", format!("文件已损坏（{path} {what}）"), "请用 WPS 或 Word 打开，另存一份再试")
    };
    let Some(at) = archive.index_for_name(path) else { return Ok(None) };
    let part = archive.by_index(at).map_err(|_| damaged("打不开"))?;
    let mut bytes = Vec::new();
    part.take(*left + 1).read_to_end(&mut bytes).map_err(|_| damaged("解不开"))?;
    let rest = u64::try_from(bytes.len()).ok().and_then(|length| left.checked_sub(length));
    *left = rest.ok_or_else(|| Fault::new("", "文件解压后过大", "请删去用不着的内容再试"))?;
    String::from_utf8(bytes).map(Some).map_err(|_| damaged("不是 UTF-8 编码"))
}

/// The parts that a package lists, with their types, in order.
fn listed(types: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    each_tag(types, |tag| {
        let value = |wanted: &str| attribute(tag, |key| key == wanted);
        if tag.local_name().as_ref() == "Override"
            && let (Some(path), Some(kind)) = (value("PartName"), value("ContentType"))
        {
            found.push((path.trim_start_matches('/').to_owned(), kind));
        }
    });
    found.sort();
    found.dedup();
    found
}

/// What a file is that is no package.
fn no_package(bytes: &[u8]) -> Fault {
    if !bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        let what = if bytes.starts_with(b"{\\rtf") {
            "这是 RTF 文档，不是 .docx"
        } else {
            "这不是 Word 文档（.docx）"
        };
        return Fault::new("", what, SAVE_AS);
    }
    let holds = |name: &str| {
        let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        memchr::memmem::find(bytes, &wide).is_some()
    };
    if holds("EncryptedPackage") {
        Fault::new("", "文件设有打开密码", "请用 WPS 或 Word 打开，取消密码后重新保存")
    } else if holds("WordDocument") {
        Fault::new("", "这是旧版 Word 文档（.doc）", SAVE_AS)
    } else {
        Fault::new("", "这是旧版 Office 文件，不是 .docx", SAVE_AS)
    }
}

/// A number above those of all drawings of a part.
pub(super) fn drawings(tree: &Tree<'_>) -> u64 {
    let ids = tree.text.split(":docPr ").skip(1).filter_map(|rest| {
        let tag = rest.split('>').next()?;
        let id = tag.split("id=\"").nth(1)?;
        id.split('"').next()?.parse::<u64>().ok()
    });
    ids.max().unwrap_or(0)
}
