//! The schemes that the program carries: examples after published ones, no office's rules.
//!
//! In: nothing. Out: their names and texts. Never here: reading.

/// The short name, the file and the text of every example.
pub const EXAMPLES: [(&str, &str, &str); 5] = [
    (
        "示例一",
        "seeds/schemes/示例一_缺次扣分.toml",
        include_str!("../../../seeds/schemes/示例一_缺次扣分.toml"),
    ),
    (
        "示例二",
        "seeds/schemes/示例二_频次分档.toml",
        include_str!("../../../seeds/schemes/示例二_频次分档.toml"),
    ),
    (
        "示例三",
        "seeds/schemes/示例三_起评加减.toml",
        include_str!("../../../seeds/schemes/示例三_起评加减.toml"),
    ),
    (
        "示例四",
        "seeds/schemes/示例四_分块测评.toml",
        include_str!("../../../seeds/schemes/示例四_分块测评.toml"),
    ),
    (
        "示例五",
        "seeds/schemes/示例五_分组争先.toml",
        include_str!("../../../seeds/schemes/示例五_分组争先.toml"),
    ),
];

/// The name of the default scheme, which takes every requirement of the list.
pub const DEFAULT: &str = "缺省";

/// The example that a name means: `示例一` or `示例一 缺次扣分`.
#[must_use]
pub fn example(name: &str) -> Option<(&'static str, &'static str)> {
    let name = name.trim();
    EXAMPLES
        .iter()
        .find(|(short, file, _)| {
            let long = file.trim_start_matches("seeds/schemes/").trim_end_matches(".toml");
            *short == name || long == name || long.replace('_', " ") == name
        })
        .map(|(_, file, text)| (*file, *text))
}
