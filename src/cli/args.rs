//! The arguments, with help and errors in Chinese.

use clap::builder::styling::Styles;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Parser, Subcommand, ValueEnum};
use std::ffi::OsString;
use std::path::PathBuf;

const TEMPLATE: &str = "{about}\n\n用法：{usage}\n\n{all-args}{after-help}";
const TOP: &str = "{about}\n\n用法：shuzhi <命令> …\n\n命令：\n{subcommands}\n\n运行 shuzhi <命令> --help 查看某个命令的用法。\n";

/// 述职：读活动台账，对照责任清单，出评分排名表和述职报告
#[derive(Debug, Parser)]
#[command(name = "shuzhi", version, help_template = TOP, disable_help_subcommand = true)]
#[command(disable_help_flag = true, disable_version_flag = true, styles = Styles::plain())]
pub(super) struct Args {
    /// 显示版本
    #[arg(short = 'V', long = "version", action = clap::ArgAction::Version)]
    version: Option<bool>,
    /// 显示帮助
    #[arg(short, long, global = true, action = clap::ArgAction::Help, help_heading = "选项")]
    help: Option<bool>,
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// 完成整项工作：读取文件夹里的报送材料，写出 成果（排名表、述职报告）和核对表
    #[command(help_template = TEMPLATE, override_usage = "shuzhi run <文件夹> [--county 县区] [--redact] [--names]")]
    Run {
        /// 考核文件夹：其中有“报送”文件夹，可以有 考核.toml 和 单位名册.xlsx；只有一堆表格的文件夹也可以
        #[arg(value_name = "文件夹", help_heading = "参数")]
        folder: PathBuf,
        /// 屏幕上的问题提示照写人名（不写则只留姓，以免人名留在日志里；成果不受影响）
        #[arg(long, visible_alias = "姓名", help_heading = "选项")]
        names: bool,
        /// 只算一个县区：只读它的报送材料，写到“县区成果”里它的文件夹，不动“成果”和核对表
        #[arg(long, visible_alias = "县区", value_name = "县区", help_heading = "选项")]
        county: Option<String>,
        /// 写一份遮盖姓名、供公布的成果，放在“脱敏成果”（只算一个县区的放在“县区脱敏成果”），不动“成果”和核对表
        #[arg(long, visible_alias = "脱敏", help_heading = "选项")]
        redact: bool,
    },
    /// 只读取，逐行列出认出的活动
    #[command(help_template = TEMPLATE, override_usage = "shuzhi records <文件或文件夹>… [--format jsonl] [--excluded]")]
    Records {
        /// 文件或文件夹，可以写几个
        #[arg(value_name = "文件或文件夹", required = true, help_heading = "参数")]
        paths: Vec<PathBuf>,
        /// 输出格式
        #[arg(
            long,
            value_enum,
            default_value = "text",
            value_name = "格式",
            help_heading = "选项",
            hide_possible_values = true,
            hide_default_value = true,
            help = "输出格式：text（给人看，缺省）或 jsonl（给程序用）"
        )]
        format: Format,
        /// 同时列出没有作为活动的行和原因
        #[arg(long, help_heading = "选项")]
        excluded: bool,
    },
    /// 查看程序把每份报送材料读成了什么：哪列是什么、哪些行没有算、有什么问题；考核文件夹另列出谁没有报送
    #[command(help_template = TEMPLATE, override_usage = "shuzhi check <文件或文件夹>… [--html 输出.html] [--return]")]
    Check {
        /// 文件或文件夹，可以写几个
        #[arg(value_name = "文件或文件夹", required = true, help_heading = "参数")]
        paths: Vec<PathBuf>,
        /// 另外写一个网页，把原表画出来，用颜色标出每一格读成了什么
        #[arg(long, value_name = "输出.html", help_heading = "选项")]
        html: Option<PathBuf>,
        /// 给要更正或没有报送的单位写退回意见（函和标了黄色的原表），放在考核文件夹的“退回意见”里
        #[arg(long = "return", visible_alias = "退回", help_heading = "选项")]
        send_back: bool,
    },
    /// 给每个单位写一份可以填写的活动台账，放在考核文件夹的“填报表”里
    #[command(help_template = TEMPLATE, override_usage = "shuzhi forms <文件夹> [--year 年度] [--overwrite]")]
    Forms {
        /// 考核文件夹：其中有单位名册，或者有上年的报送材料（沿用各单位的列名）
        #[arg(value_name = "文件夹", help_heading = "参数")]
        folder: PathBuf,
        /// 填哪一年的；不写则用 考核.toml 的年度
        #[arg(long, visible_alias = "年度", value_name = "年度", help_heading = "选项")]
        year: Option<i32>,
        /// 已有的填报表与新写的不同时也覆盖（不写则保留原来的）
        #[arg(long, visible_alias = "覆盖", help_heading = "选项")]
        overwrite: bool,
    },
    /// 从标准输入逐行读取活动（jsonl），写出各自对应的责任条目
    #[command(name = "match", help_template = TEMPLATE, override_usage = "shuzhi match [--list 清单] [--dir 文件夹] [--format jsonl] < 活动.jsonl")]
    Match {
        /// 责任清单：ZB、JW、DZ、CY，或清单文件（.txt、.docx、.xlsx）
        #[arg(
            long,
            value_name = "清单",
            default_value = "ZB",
            hide_default_value = true,
            help_heading = "选项"
        )]
        list: String,
        /// 考核文件夹：用其中“核对”文件夹里的本单位学习结果
        #[arg(long = "dir", value_name = "文件夹", help_heading = "选项")]
        folder: Option<PathBuf>,
        /// 输出格式
        #[arg(
            long,
            value_enum,
            default_value = "text",
            value_name = "格式",
            help_heading = "选项",
            hide_possible_values = true,
            hide_default_value = true,
            help = "输出格式：text（给人看，缺省）或 jsonl（给程序用）"
        )]
        format: Format,
    },
    /// 从核对表“活动对应”的结论学习：先列出哪些活动的对应条目会变，同意以后才采用，可以退回
    #[command(help_template = TEMPLATE, override_usage = "shuzhi learn <文件夹> [--yes] [--undo]")]
    Learn {
        /// 考核文件夹
        #[arg(value_name = "文件夹", help_heading = "参数")]
        folder: PathBuf,
        /// 不再询问，直接采用
        #[arg(long, visible_alias = "采用", conflicts_with = "undo", help_heading = "选项")]
        yes: bool,
        /// 退回上一次采用以前的样子（最多退十次）；核对表里的结论不动
        #[arg(long, visible_alias = "退回", help_heading = "选项")]
        undo: bool,
    },
    /// 说明一个单位的分数怎样得来，每一分落到哪个文件、哪张表、哪个单元格；也可以试一句话会对应到哪一条
    #[command(help_template = TEMPLATE, override_usage = "shuzhi explain <单位> [条目] [--dir 文件夹]\n      shuzhi explain --text \"活动名称\" [--kind 类型] [--list 清单] [--dir 文件夹]")]
    Explain {
        /// 单位名称，可以用名册中的别名
        #[arg(value_name = "单位", required_unless_present = "text", help_heading = "参数")]
        unit: Option<String>,
        /// 只看一个条目或一项要求，如 ZB-3 或 ZB-3a
        #[arg(value_name = "条目", help_heading = "参数")]
        item: Option<String>,
        /// 试一句话：当作活动名称，看对应到哪一条、为什么
        #[arg(long, value_name = "活动名称", conflicts_with_all = ["unit", "item"], help_heading = "选项")]
        text: Option<String>,
        /// 试一句话时的活动类型，如 支委会
        #[arg(long, value_name = "类型", requires = "text", help_heading = "选项")]
        kind: Option<String>,
        /// 试一句话时的责任清单；不写就用考核文件夹的清单
        #[arg(long, value_name = "清单", requires = "text", help_heading = "选项")]
        list: Option<String>,
        /// 考核文件夹，缺省为当前文件夹
        #[arg(
            long = "dir",
            value_name = "文件夹",
            default_value = ".",
            hide_default_value = true,
            help_heading = "选项"
        )]
        folder: PathBuf,
    },
    /// 只写一份文书，如某个支部的述职报告、考核结果通报
    #[command(help_template = TEMPLATE, override_usage = "shuzhi report <文件夹> --kind 文书 [--unit 单位] [--out 输出.docx]")]
    Report {
        /// 考核文件夹
        #[arg(value_name = "文件夹", help_heading = "参数")]
        folder: PathBuf,
        /// 哪种文书，如 党支部书记述职报告、考核结果通报；不写则列出各种文书和可写的单位
        #[arg(long, visible_alias = "文书", value_name = "文书", help_heading = "选项")]
        kind: Option<String>,
        /// 哪个单位或哪位领导，可以用名册中的别名；只有一份的文书不用写
        #[arg(long, visible_alias = "单位", value_name = "单位", requires = "kind", help_heading = "选项")]
        unit: Option<String>,
        /// 写到哪里；不写则写到当前文件夹
        #[arg(long, value_name = "输出.docx", requires = "kind", help_heading = "选项")]
        out: Option<PathBuf>,
    },
    /// 显示责任清单、各条目的考核要求和分值
    #[command(help_template = TEMPLATE, override_usage = "shuzhi lists [清单文件]")]
    Lists {
        /// 自带的清单文件（.txt、.docx、.xlsx）；不写则显示内置的四份清单
        #[arg(value_name = "清单文件", help_heading = "参数")]
        file: Option<PathBuf>,
    },
    /// 查看、检查计分方案，或写出可以填写的方案表
    #[command(help_template = TEMPLATE, override_usage = "shuzhi scheme [方案] [--template 输出.xlsx [--from 示例]]")]
    Scheme {
        /// 方案文件（.xlsx、.toml）或 缺省、示例一……示例五；不写则列出自带的方案
        #[arg(value_name = "方案", help_heading = "参数")]
        scheme: Option<String>,
        /// 写一个可以填写的方案表（不会覆盖已有的文件）
        #[arg(long, value_name = "输出.xlsx", help_heading = "选项")]
        template: Option<PathBuf>,
        /// 方案表以哪个方案为底本，缺省为 示例一；也可以写方案文件
        #[arg(long, value_name = "方案", requires = "template", help_heading = "选项")]
        from: Option<String>,
    },
    /// 检查本单位自己的 Word 模板：列出占位符、写错的地方和可用的名称；或写出自带的文字模板
    #[command(help_template = TEMPLATE, override_usage = "shuzhi template <模板.docx>…\n      shuzhi template --text <文件夹>")]
    Template {
        /// 写有占位符（如 {{单位名称}}）的 Word 文件，可以写几个；不写则只列出可用的名称
        #[arg(value_name = "模板.docx", help_heading = "参数")]
        files: Vec<PathBuf>,
        /// 把自带的文字模板和说明写到这个文件夹，供修改；已有的文件不动
        #[arg(
            long,
            visible_alias = "文字模板",
            value_name = "文件夹",
            conflicts_with = "files",
            help_heading = "选项"
        )]
        text: Option<PathBuf>,
    },
    /// Reads one large file for another process of the program, see `pipeline::apart`.
    #[command(name = shuzhi::pipeline::apart::COMMAND, hide = true)]
    ReadApart {
        /// Bytes of memory that this process may take.
        #[arg(long)]
        memory: u64,
    },
    /// 说明某个问题编号的含义和处理办法
    #[command(help_template = TEMPLATE, override_usage = "shuzhi rule [编号]")]
    Rule {
        /// 问题编号，如 R001；不写则列出全部
        #[arg(value_name = "编号", help_heading = "参数")]
        code: Option<String>,
    },
}

/// How lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For a person.
    Text,
    /// For a program: one JSON object a line.
    Jsonl,
}

/// Why no command is run.
pub(super) enum Stop {
    /// Help or version was asked for.
    Shown(String),
    /// The arguments cannot be understood.
    Wrong(String),
}

impl Args {
    /// The arguments, or why they lead to no command.
    pub(super) fn read(arguments: impl IntoIterator<Item = OsString>) -> Result<Self, Stop> {
        Self::try_parse_from(arguments).map_err(|error| match error.kind() {
            ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
                Stop::Shown(error.to_string().trim_end().to_owned())
            }
            ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
                Stop::Wrong(error.to_string().trim_end().to_owned())
            }
            _ => Stop::Wrong(explain(&error)),
        })
    }
}

fn explain(error: &clap::Error) -> String {
    let context = |kind: ContextKind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join("、"),
        _ => String::new(),
    };
    let what = match error.kind() {
        ErrorKind::InvalidSubcommand => format!("没有“{}”这个命令", context(ContextKind::InvalidSubcommand)),
        ErrorKind::UnknownArgument => format!("不认识“{}”", context(ContextKind::InvalidArg)),
        ErrorKind::MissingRequiredArgument => format!("还要写明 {}", context(ContextKind::InvalidArg)),
        ErrorKind::InvalidValue if context(ContextKind::InvalidValue).is_empty() => {
            format!("{} 后面没有写内容", context(ContextKind::InvalidArg))
        }
        ErrorKind::InvalidValue => format!(
            "{} 不能是“{}”，可以是 {}",
            context(ContextKind::InvalidArg),
            context(ContextKind::InvalidValue),
            context(ContextKind::ValidValue)
        ),
        ErrorKind::ArgumentConflict => {
            format!("{} 不能和 {} 一起写", context(ContextKind::InvalidArg), context(ContextKind::PriorArg))
        }
        ErrorKind::MissingSubcommand => "还要写明做什么，如 shuzhi run 考核文件夹".to_owned(),
        _ => "命令写法不对".to_owned(),
    };
    format!("{what}。运行 shuzhi --help 查看用法。")
}
