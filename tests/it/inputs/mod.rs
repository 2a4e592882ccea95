//! What an office enters: schemes, the folder 评分, answers.

mod answers;
mod external;
mod form;
mod grammar;
mod runs;
mod schemes;

pub(crate) use schemes::load;
