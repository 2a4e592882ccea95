//! What an office enters: schemes, the folder 评分, answers.

mod grammar;
mod schemes;
