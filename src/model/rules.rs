//! The one table of finding codes. A code is never used again for something else.
//!
//! R reading, N normalising, C catalogue (units, lists, settings), D records that are alike (duplicates
//! of text), M matching, S scoring, T templates and documents. `shuzhi rule CODE` prints an entry. R017, S001 and T001 were given once and
//! are not given again.

use super::Severity;

/// A rule under which findings fall.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Code: a letter for the stage and three digits.
    pub code: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// Its name.
    pub name: &'static str,
    /// What it means and why it matters.
    pub meaning: &'static str,
    /// What to do.
    pub advice: &'static str,
}

macro_rules! rules {
    ($($(#[$doc:meta])* $ident:ident = $code:literal $severity:ident $name:literal, $meaning:literal, $advice:literal;)*) => {
        $($(#[$doc])* pub static $ident: Rule = Rule {
            code: $code, severity: Severity::$severity, name: $name, meaning: $meaning, advice: $advice,
        };)*

        /// Every rule, by code.
        pub static ALL: &[&Rule] = &[$(&$ident),*];
    };
}

rules! {
    /// A file protected by a password.
    ENCRYPTED = "R001" Error "文件加密",
        "文件设有打开密码，程序不能读取，该文件中的活动没有计入。",
        "请报送单位取消密码后重新保存、重新报送。";
    /// A damaged file.
    CORRUPT = "R002" Error "文件损坏",
        "文件内容不完整或已损坏，程序不能读取，该文件中的活动没有计入。",
        "请用 WPS 或 Excel 打开确认；打不开的，请报送单位重新发送。";
    /// Another kind of file.
    UNSUPPORTED = "R003" Error "格式不支持",
        "文件不是电子表格，或是程序不认识的格式，没有读取。",
        "请另存为 .xlsx 后重新报送。";
    /// An empty file.
    EMPTY = "R004" Error "空文件",
        "文件没有任何内容。",
        "请报送单位核对后重新报送。";
    /// A header without rows.
    HEADER_ONLY = "R005" Error "只有表头",
        "表格只有表头，没有一条活动记录。",
        "如确无活动，请报送单位书面说明；否则请补填后重新报送。";
    /// A file over a limit.
    TOO_LARGE = "R006" Error "超出限制",
        "文件超出程序能安全读取的大小，没有读取。",
        "请删去无关内容（图片、空白区域的格式）后另存，或拆成几个文件。";
    /// A file whose reading had to be broken off.
    BROKEN_OFF = "R030" Error "读取中止",
        "读这个文件要用的内存或时间超出上限，或者读到一半出错，读取中止了；该文件中的活动没有计入，其他文件不受影响。",
        "请用 WPS 或 Excel 打开确认，删去无关内容（空白区域的格式、用不着的工作表），另存为新的 .xlsx 或拆成几个文件后重新报送；打不开的，请报送单位重新发送。";
    /// A lock file.
    LOCK_FILE = "R007" Note "临时文件",
        "以 ~$ 或 .~ 开头的是办公软件打开文件时的临时文件，不是报送材料，已跳过。",
        "不需处理。";
    /// A sheet or region that was not understood.
    NOT_UNDERSTOOD = "R010" Error "表格未能识别",
        "这一块内容有文字，但程序没有认出它是怎样的活动记录，其中各行没有计入。",
        "请按普通台账（一行一项活动，带表头）整理后重新报送；或在 考核.toml 写一条 [表格.名称] 规则，写明表头在第几行、各列是什么（shuzhi check 给出可以粘贴的写法）。";
    /// Several activities in one cell.
    SEVERAL_IN_CELL = "R011" Warning "一格多项",
        "一个单元格里写了几项活动。",
        "请核对拆分结果，或请报送单位改为一行一项。";
    /// A wrong extension.
    WRONG_EXTENSION = "R012" Note "扩展名不符",
        "文件的扩展名与实际格式不一致，已按实际格式读取。",
        "不影响结果；建议另存为正确的格式。";
    /// A hidden sheet.
    HIDDEN_SHEET = "R013" Note "隐藏工作表",
        "隐藏的工作表不作为报送内容，没有计入。",
        "如其中确有活动，请取消隐藏后重新报送。";
    /// Hidden rows.
    HIDDEN_ROWS = "R014" Note "隐藏行",
        "手工隐藏的行不作为报送内容，没有计入；筛选隐藏的行照常计入。",
        "如其中确有活动，请取消隐藏后重新报送。";
    /// A heading that is not known.
    UNKNOWN_HEADING = "R015" Note "列名不认识",
        "这一列的名称程序不认识，内容没有使用。",
        "如这一列有用，请改成说明书中列出的名称，或在 考核.toml 的 [表格.名称] 规则里写明这一列的意思（shuzhi check 给出可以粘贴的写法）。";
    /// Two columns for one meaning.
    DOUBLE_HEADING = "R016" Warning "列名重复",
        "有两列表示同一个意思，只用了其中一列。",
        "请核对所用的列是否正确；不正确的，在 考核.toml 的 [表格.名称] 规则里写明用哪一列（shuzhi check 给出可以粘贴的写法）。";
    /// A formula without value.
    NO_CACHED_VALUE = "R018" Warning "公式没有结果",
        "单元格是公式，但文件里没有保存计算结果，按空白处理。",
        "请用 WPS 或 Excel 打开文件、保存后重新报送。";
    /// A sheet without its part.
    SHEET_MISSING = "R019" Error "工作表缺失",
        "工作簿里登记了这张工作表，文件中却没有它的内容，无法读取。",
        "请用 WPS 或 Excel 打开文件核对这张工作表，另存后重新报送。";
    /// A cell that points at a text that does not exist.
    TEXT_MISSING = "R020" Warning "文字缺失",
        "单元格指向的文字在文件里不存在，按空白处理。",
        "请用 WPS 或 Excel 打开文件核对，另存后重新报送。";
    /// Two readings that explain a sheet nearly equally well.
    CLOSE_RACE = "R021" Warning "两种读法相近",
        "这张表用两种读法都说得通，读出的活动却不一样；程序用了剩下疑问最少的一种。",
        "请用 shuzhi check 核对，再在 考核.toml 的 [表格.名称] 规则里用“读法”定下来。";
    /// The header that a rule states is not there.
    RULE_HEADER_MISSING = "R022" Error "规则的表头行不对",
        "[表格.…] 规则写明的表头行在这张表里没有内容，或者不是表头；这张表没有按规则读。",
        "请打开表格核对行号（左边的数字），改正 考核.toml 的这条规则。";
    /// A column of a rule in which nothing stands.
    RULE_COLUMN_BLANK = "R023" Warning "规则的列没有内容",
        "[表格.…] 规则写明的一列在这张表里一格内容也没有，可能写错了列号。",
        "请打开表格核对列号（上边的字母），改正 考核.toml 的这条规则。";
    /// Rules that contradict each other.
    RULES_CONTRADICT = "R024" Error "规则互相矛盾",
        "对同一张工作表，两条 [表格.…] 规则（或同一条规则的两列）说法不同，按先写的一条读。",
        "请改正 考核.toml，对一张工作表只留一种说法。";
    /// A rule by which no activity is read.
    RULE_READS_NOTHING = "R025" Error "按规则没有读出活动",
        "按 [表格.…] 规则读这张表，一项活动也没有读出来，规则可能不合这张表。",
        "请用 shuzhi check 查看，改正或删去 考核.toml 的这条规则。";
    /// A sheet that a rule leaves out.
    LEFT_OUT_BY_RULE = "R026" Note "按规则不读",
        "[表格.…] 规则写明不读这张工作表，其中各行没有计入。",
        "不需处理；如应计入，请删去 考核.toml 的这条规则。";
    /// Members of an archive that were passed over.
    ARCHIVE_SKIPPED = "R027" Note "压缩包里跳过的文件",
        "压缩包里的图片、缩略图、临时文件和系统文件不是台账，没有读取。",
        "不需处理；活动只记在图片里的，请报送单位填成表格。";
    /// An archive of a kind that is not opened.
    PACKED = "R028" Error "压缩格式打不开",
        "程序只打开 zip 压缩包；RAR、7z 等格式和特殊压缩方法打不开，其中的文件没有读取。",
        "请解压后把其中的表格放进“报送”，或请报送单位改用 zip 格式压缩后重新报送。";
    /// Members of an archive whose names lead elsewhere.
    ARCHIVE_NAMES = "R029" Note "压缩包里的名称不规范",
        "压缩包里的文件名指向压缩包以外的位置、含有控制字符，或与另一个文件同名，已改用压缩包以内的、不重复的名称读取。",
        "不影响结果；请核对是不是报送单位自己压缩的。";

    /// An impossible date.
    BAD_DATE = "N001" Warning "日期有误",
        "日期不存在或无法读懂，这条活动保留，但不能算到任何月份。",
        "请核对原始记录，改正后重新报送。";
    /// A date outside the year.
    OTHER_YEAR = "N002" Warning "不在本年度",
        "日期不在考核年度内，这条活动保留在清单里，但不计分。",
        "请核对年份是否写错。";
    /// A date missing.
    NO_DATE = "N003" Warning "没有日期",
        "这条活动没有日期，不能算到任何月份。",
        "请补填日期。";
    /// More present than expected.
    OVER_ATTENDANCE = "N004" Warning "实到多于应到",
        "实到人数多于应到人数。",
        "请核对人数。";
    /// A value that cannot be read.
    BAD_VALUE = "N005" Warning "数值读不懂",
        "人数或时长读不懂，这一项按空白处理，活动照常计入。",
        "请改为数字后重新报送。";
    /// A duplicate.
    DUPLICATE = "N006" Warning "疑似重复",
        "两条活动的日期、类型相同，名称相同或基本相同（包括两张工作表、两个文件里一处写得详、一处写得略），应是同一次活动；只按写得最全的一条计一次，另一条留在活动清单里，注明与哪一条重复。",
        "请核对是否同一次活动。";
    /// A row without title.
    NO_TITLE = "N007" Warning "没有主题",
        "这条活动没有写主题和内容，只能凭类型认定。",
        "请补填活动主题。";

    /// A unit not in the register.
    UNKNOWN_UNIT = "C001" Error "名册中没有的单位",
        "报送材料的单位不在单位名册中，没有参加排名。",
        "请把它加入单位名册，或把这种写法填到该单位的别名中。";
    /// Two submissions of one unit.
    TWO_SUBMISSIONS = "C002" Warning "重复报送",
        "同一单位有两份以上材料。各份活动合并计算，相同的活动只算一次；考核.toml 写了 重复报送 = \"以新代旧\" 的，有相同月份的只计最新的一份。",
        "请核对是否应只保留一份。";
    /// A unit without submission.
    NO_SUBMISSION = "C003" Error "未报送",
        "名册中的单位没有报送材料，各项均为“无记录待核实”。",
        "请催报；确无活动的，请在核对表中注明。";
    /// A unit that cannot be told.
    NO_UNIT = "C004" Error "看不出单位",
        "文件里没有写明填报单位，文件名和文件夹名也看不出来，没有计入任何单位。",
        "请在表内写明“填报单位：××党支部”，或把文件名改成单位名称。";
    /// A unit told by a likeness.
    UNIT_GUESSED = "C005" Warning "单位系推断",
        "单位名称与名册不完全一致，按最接近的单位计入。",
        "请核对；如正确，请把这种写法填到该单位的别名中。";
    /// The year is not stated.
    YEAR_GUESSED = "C006" Note "年度系推断",
        "没有写明考核年度，按多数活动所在的年份确定。",
        "如不正确，请在 考核.toml 中写明 年度。";
    /// A duty list with dated wording or placeholder.
    LIST_WORDING = "C007" Note "清单用语",
        "责任清单中有占位字样或带年代的提法，程序原样使用，没有改动。",
        "请对照最新要求修改清单文本。";
    /// A file name that had to differ from the unit's name.
    UNIT_NAME_CHANGED = "C008" Note "文件名改写",
        "单位名称含有不能用作文件名的字符，成果文件名作了替换。",
        "不影响内容。";

    /// A cell of the register that cannot be read.
    BAD_REGISTER = "C009" Warning "名册填写有误",
        "单位名册中有一格看不懂，按没有填写处理。",
        "请按说明改正后再运行。";
    /// A submission of which nothing was counted.
    NO_FILES = "C010" Error "没有报送材料",
        "文件夹里没有一个可以读取的报送文件。",
        "请把各单位报送的表格放进“报送”文件夹。";

    /// A duty list that lies in the folder is used.
    OWN_LIST = "C011" Note "采用自带清单",
        "考核.toml 没有写明清单，文件夹里有一份名称含“责任清单”的文件，按它考核。",
        "如不正确，请在 考核.toml 中写明 清单。";
    /// A rule for the reading of sheets that no file or sheet fits.
    UNUSED_RULE = "C012" Warning "表格规则没有用上",
        "考核.toml 的一条 [表格.…] 规则没有找到它说的文件或工作表，没有起作用。",
        "请核对规则里的“文件”和“工作表”；已经用不着的，请删去。";

    /// A scheme that lies in the folder is used.
    OWN_SCHEME = "C013" Note "采用自带计分方案",
        "考核.toml 没有写明方案，文件夹里有一份名称含“计分方案”的文件，按它计分。",
        "如不正确，请在 考核.toml 中写明 方案。";

    /// A file that came after the last day.
    LATE = "C014" Warning "迟报",
        "文件名称里写的日期，或压缩包里记的修改日期，晚于 考核.toml 的截止日期。",
        "请核实报送时间；只作提示，不影响得分。";

    /// Units that belong to a county by where their files lie.
    COUNTY_BY_FOLDER = "C015" Note "县区按文件夹认定",
        "名册没有写这些支部属于哪个县区，按台账所在的文件夹或压缩包认定。",
        "请核对；没有报送的支部看不出县区，最好在单位名册里加一列“县区”。";
    /// Register and folder that do not agree on a county.
    COUNTY_DOUBTFUL = "C016" Warning "县区对不上",
        "名册写的县区认不出来或只是简称，或者与台账所在的文件夹不一致，或者台账分在几个县区的文件夹里；名册写明的以名册为准。",
        "请在单位名册的“县区”一列写县区局的全称，并核对台账放在哪个文件夹。";
    /// A county of which a part is missing.
    COUNTY_PART = "C017" Warning "县区汇总缺一部分",
        "这个县区没有本级得分，或者没有计入的支部，汇总得分只用有的那一部分；或者按党员人数加权而有的支部没有写人数，按1人计。",
        "请在单位名册里补上县区局、支部或党员人数；确实没有的，不需处理。";

    /// The same text in several months of one unit.
    ALIKE_MONTHS = "D001" Warning "雷同（同一单位）",
        "同一单位不同月份的记录，除日期、数字、人名外文字相同或大半相同。",
        "请核实是不是各次活动的实际记录，对照原始记录本；雷同不等于没有开展，不影响得分。";
    /// The same text of several units on different days.
    ALIKE_UNITS = "D002" Warning "雷同（不同单位）",
        "不同单位、不同日期的记录，除日期、数字、单位和人名外文字相同或大半相同。",
        "请向有关单位核实是不是各自活动的实际记录；雷同不等于没有开展，不影响得分。";
    /// The same text of several units on the same day.
    ALIKE_JOINT = "D003" Note "雷同（可能是联合活动）",
        "不同单位同一天的记录文字相同或大半相同，可能是联合开展的同一次活动。",
        "请核实是否联合活动；是的，不需处理。";

    /// A row without any item.
    UNMATCHED = "M001" Note "未对应条目",
        "这条活动没有对应到任何责任条目。",
        "如应计入，请在核对表中指定条目。";
    /// A match that a person should see.
    DOUBTFUL_MATCH = "M002" Note "对应待核",
        "这条活动可能对应某一条目，把握不够，暂不计分。",
        "请在核对表中确认或否定。";

    /// Own weights that cannot be used.
    BAD_LEARNING = "M003" Error "本单位学习不能采用",
        "核对文件夹里的“本单位学习.json”读不出来，或者与现在的责任清单不符，这次没有采用，对应条目用的是程序自带的权重。",
        "请运行 shuzhi learn 文件夹 --undo 退回上一次，或把这个文件移走，再运行 shuzhi learn。";

    /// A date that does not prove a month.
    COARSE_DATE = "S002" Warning "日期不够具体",
        "活动只写到季度或半年，不能证明按月的要求，列入待核实。",
        "请补充具体日期。";
    /// A decision that does not fit.
    BAD_VERDICT = "S003" Warning "核对表有误",
        "核对表中这一行的单位、要求、期间、活动、条目或结论对不上，没有采用。",
        "请按说明改正；原有内容仍保留。";

    /// Sheets or columns of a person's own in the review workbook.
    STRANGE_REVIEW = "S005" Note "核对表另存了一份",
        "核对表里有人自己加的工作表或列，程序不认识，新的核对表不带它们；原来的文件原样另存在“核对”文件夹。",
        "不需处理；这些内容如果还要用，请到另存的文件里找。";

    /// A review sheet that cannot be used at all.
    UNREADABLE_REVIEW = "S004" Error "核对表不能采用",
        "核对表读不出来，或者不能更新；其中的结论没有采用，文件保持原样。",
        "请关闭正在打开它的程序、核对表头后再运行一次；确实坏了的，改名移走后重新运行会生成新的。";

    /// A unit in 评分 that is not assessed.
    SCORE_UNIT_UNKNOWN = "S006" Error "评分中的单位不认识",
        "“评分”里这一行的单位不在本次考核的单位中，这一行没有采用。",
        "请改成单位名册中的名称，或把这种写法填到该单位的别名中。";
    /// Two figures for one thing.
    SCORE_TWICE = "S007" Error "评分重复",
        "同一单位的同一项评分出现了两次，程序不知道用哪一个，两个都没有采用，这一项按待定处理。",
        "请核对后只保留一个。";
    /// A score that cannot be.
    SCORE_OUT_OF_RANGE = "S008" Error "分数超出范围",
        "分数为负，或高于计分方案写明的满分，没有采用，这一项按待定处理。",
        "请核对并改正分数；满分写错的，请改正计分方案。";
    /// Votes that do not add up.
    VOTES_DO_NOT_ADD_UP = "S009" Error "票数对不上",
        "各等次票数之和多于有效票，或有效票多于收回票、收回票多于发出票；这一组票没有采用。",
        "请对照计票原始记录改正。";
    /// Too few votes.
    TOO_FEW_VOTES = "S010" Warning "有效票过少",
        "有效票少于计分方案规定的张数，这一类票的得分按待定处理。",
        "请补充测评；确实只有这些票的，请在计分方案里调整最少张数。";
    /// A column that is not used.
    SCORE_COLUMN_UNUSED = "S011" Note "评分列没有用上",
        "“评分”里的这一列不是计分方案要的数据，没有使用。",
        "如应使用，请把列名改成计分方案中“取……”写的名称。";
    /// An event or line that the scheme does not know.
    SCORE_MATTER_UNKNOWN = "S012" Error "事项或编号不认识",
        "计分方案里没有这个事项或项目编号，或者写的分值不在方案规定的范围内；这一行没有采用。",
        "请改成计分方案里的写法。";
    /// A value of 评分 that cannot be understood.
    SCORE_NOT_UNDERSTOOD = "S013" Warning "评分读不懂",
        "这一格应是一个确定的数，程序读不懂，没有采用。",
        "请改为数字。";
    /// A value that the scheme needs is missing.
    SCORE_MISSING = "S014" Warning "缺少评分数据",
        "计分方案要用的数据没有找到，或有的单位没有，这些单位的这一项按方案写明的办法处理（没有写明的按待定）。",
        "请把数据放进“评分”文件夹，列名与计分方案一致。";
    /// A void ballot.
    BALLOT_VOID = "S015" Note "废票",
        "这张评分票全部打同一分数，或不符合计分方案的限制，按废票处理，没有计入。",
        "请核对原票。";
    /// The commendation line is the program's own.
    DEFAULT_AWARD = "S016" Note "表彰名额系程序缺省",
        "计分方案没有写表彰名额，按每组30%、去尾列出表彰建议，不是任何单位的规定。",
        "请在计分方案里写明表彰名额。";
    /// The scheme names groups that do not exist.
    GROUP_UNKNOWN = "S017" Warning "组别对不上",
        "计分方案或表彰写的组别在单位名册里没有，这一部分没有用到任何单位。",
        "请核对单位名册的“组别”和计分方案的写法。";
    /// A joint event counted once.
    JOINT_ONCE = "S018" Note "合并活动只计一种",
        "一次活动合并了几种类型，按设定只计主要的一种。",
        "如应各算一次，请在 考核.toml 写 合并活动 = \"各算\"。";
    /// Answers whose question is gone.
    ORPHANED_ANSWERS = "S019" Note "结论没有对应的行",
        "核对表里的一些结论在本次材料中找不到对应的期间或活动，没有采用，原样保留在“已无对应”。",
        "请核对是否改过材料；不再需要的，可以删去。";
    /// The program and the workbook differ.
    BOOK_DIFFERS = "S020" Error "表格与程序不一致",
        "工作簿公式算出的数与程序的数不同，这是程序的缺陷，请以程序的数为准并把运行记录发给维护人员。",
        "请保留本次成果和运行记录。";
    /// A file of 评分 that cannot be read.
    UNREADABLE_SCORES = "S021" Error "评分文件读不出来",
        "“评分”文件夹里的这个文件读不出来，其中的分数、票数、事件都没有采用。",
        "请用 WPS 或 Excel 打开确认，另存为 .xlsx 后再运行；与评分无关的文件请移走。";
    /// An office's own Word template that cannot be used.
    BAD_FORM = "T002" Error "Word 模板不能使用",
        "“模板”文件夹里的这个 Word 模板有错，没有用它写文书；其他文书照常写出。",
        "请按说明改正；shuzhi template 文件 可以列出全部占位符和可用的名称。";
    /// A Word template without placeholders.
    EMPTY_FORM = "T003" Warning "Word 模板没有占位符",
        "“模板”文件夹里的这个 Word 文件里没有一个 {{…}}，没有用它写文书。",
        "请在要填写的地方写上占位符，或把文件移走；可用的名称见 shuzhi template 文件。";
    /// A document longer than it may be, or with too small a share of problems.
    LENGTH = "T004" Warning "篇幅不合要求",
        "述职报告的字数，或者成绩、问题所占的比例，不合 考核.toml [文书] 里的规定。",
        "请在 Word 里删改；字数按正文计算，不含附件和待补内容。";
    /// A document that is asked for, but for nobody.
    NO_SUBJECT = "T005" Warning "文书没有可写的对象",
        "考核.toml [文书] 里写明的单位不在本次考核的单位中。",
        "请改正 [文书.单位] 里的名称。";
    /// Blank text to fill.
    REPORT_BLANK = "T006" Note "文书待补",
        "文书中有只能由人填写的内容，已用【待补：…】标出。",
        "请打开文书，搜索“待补”逐处填写。";
    /// A unit whose list is of another role.
    OTHER_ROLE = "T007" Warning "单位和清单的角色不符",
        "单位的名称和它所用责任清单的角色对不上，述职报告可能写成了别人的口气。",
        "请核对单位名册的“责任清单”列：支部用 ZB，机关党委用 JW，党组用 DZ，领导班子成员用 CY。";
}

/// The rule with this code, in any case of letters.
#[must_use]
pub fn find(code: &str) -> Option<&'static Rule> {
    ALL.iter().find(|rule| rule.code.eq_ignore_ascii_case(code.trim())).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn codes_are_unique_and_well_formed() {
        let mut seen = BTreeSet::new();
        for rule in ALL {
            assert!(seen.insert(rule.code), "{} twice", rule.code);
            let (stage, digits) = rule.code.split_at(1);
            assert!(
                "RNCDMST".contains(stage) && digits.len() == 3 && digits.chars().all(|c| c.is_ascii_digit())
            );
            assert!(!rule.name.is_empty() && rule.meaning.ends_with('。') && rule.advice.ends_with('。'));
        }
    }

    #[test]
    fn a_rule_is_found_by_its_code() {
        assert_eq!(find("r001"), Some(&ENCRYPTED));
        assert_eq!(find("R999"), None);
    }
}
