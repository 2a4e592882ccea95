//! The command line: arguments in, text out, exit code 0, 1 or 2.
//!
//! Exit codes: 0 done, 1 done with findings at error level, 2 could not run, 130 called off.

mod apart;
mod args;
mod check;
mod discretion;
mod explain;
mod forms;
mod learn;
mod lines;
mod progress;
mod redaction;
mod report;
mod run;
mod scheme;
mod screen;
mod template;
mod wording;

use args::{Args, Command};
use screen::Screen;
use shuzhi::error::{Error, Result};
use shuzhi::model::rules;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

/// What a command came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    /// Nothing to complain about.
    Clean,
    /// Done, with findings at error level.
    WithErrors,
}

/// Runs the command of the arguments.
pub(crate) fn main() -> ExitCode {
    let mut screen = Screen::new();
    let args = match Args::read(std::env::args_os()) {
        Ok(args) => args,
        Err(args::Stop::Shown(text)) => {
            screen.out(&text);
            return ExitCode::SUCCESS;
        }
        Err(args::Stop::Wrong(text)) => {
            screen.err(&text);
            return ExitCode::from(2);
        }
    };
    if let Ok(program) = std::env::current_exe() {
        shuzhi::pipeline::apart::rely_on(program);
    }
    // Readers of old formats may panic on damaged bytes; that is caught where it happens and told as a
    // finding, so the default report on the terminal would only frighten.
    std::panic::set_hook(Box::new(|_| {}));
    let outcome = catch_unwind(AssertUnwindSafe(|| dispatch(&args.command, &mut screen)));
    let Ok(outcome) = outcome else {
        Screen::new()
            .err("程序内部出错，没有写出成果，原来的成果没有改动。请把这次用的文件夹留好，反馈给维护人员。");
        return ExitCode::from(2);
    };
    match outcome {
        Ok(Ending::Clean) => ExitCode::SUCCESS,
        Ok(Ending::WithErrors) => ExitCode::from(1),
        Err(error @ Error::Stopped) => {
            screen.err(&error.to_string());
            ExitCode::from(progress::STOPPED)
        }
        Err(error) => {
            screen.err(&format!("不能运行。{error}"));
            ExitCode::from(2)
        }
    }
}

fn dispatch(command: &Command, screen: &mut Screen) -> Result<Ending> {
    match command {
        Command::Run { folder, names, county, redact } => {
            let county = county.as_deref();
            run::run(folder, run::Asked { county, names: *names, redact: *redact }, screen)
        }
        Command::Records { paths, format, excluded } => lines::records(paths, *format, *excluded, screen),
        Command::Check { paths, html, send_back } => check::check(paths, html.as_deref(), *send_back, screen),
        Command::Forms { folder, year, overwrite } => forms::forms(folder, *year, *overwrite, screen),
        Command::Match { list, folder, format } => lines::matches(list, folder.as_deref(), *format, screen),
        Command::Learn { folder, yes, undo } => {
            if *undo {
                learn::undo(folder, screen)
            } else {
                learn::learn(folder, *yes, screen)
            }
        }
        Command::Explain { text: Some(text), kind, list, folder, .. } => {
            wording::wording(text, kind.as_deref().unwrap_or_default(), list.as_deref(), folder, screen)
        }
        Command::Explain { unit, item, folder, .. } => {
            explain::explain(unit.as_deref().unwrap_or_default(), item.as_deref(), folder, screen)
        }
        Command::Report { folder, kind, unit, out } => {
            report::report(folder, kind.as_deref(), unit.as_deref(), out.as_deref(), screen)
        }
        Command::Lists { file } => lines::lists(file.as_deref(), screen),
        Command::Scheme { scheme, template, from } => {
            scheme::scheme(scheme.as_deref(), template.as_deref(), from.as_deref(), screen)
        }
        Command::Template { text: Some(folder), .. } => template::write_out(folder, screen),
        Command::Template { files, .. } => template::template(files, screen),
        Command::ReadApart { memory } => apart::read(*memory),
        Command::Rule { code } => Ok(rule(code.as_deref(), screen)),
    }
}

fn rule(code: Option<&str>, screen: &mut Screen) -> Ending {
    let Some(code) = code else {
        for rule in rules::ALL {
            screen.out(&format!("{}  {}  {}", rule.code, rule.severity.as_str(), rule.name));
        }
        return Ending::Clean;
    };
    let Some(rule) = rules::find(code) else {
        screen.err(&format!("没有编号为“{code}”的问题。运行 shuzhi rule 可以看到全部编号。"));
        return Ending::WithErrors;
    };
    screen.out(&format!("{}  {}（{}）", rule.code, rule.name, rule.severity.as_str()));
    screen.out(&format!("  {}\n  怎样处理：{}", rule.meaning, rule.advice));
    Ending::Clean
}
