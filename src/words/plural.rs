//! Which form of a counted text a number takes: the cardinal rules of Unicode CLDR for whole numbers.

/// CLDR's plural categories.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Category {
    Zero,
    One,
    Two,
    Few,
    Many,
    Other,
}

impl Category {
    pub const ALL: [Category; 6] = [Category::Zero, Category::One, Category::Two, Category::Few, Category::Many, Category::Other];

    /// The last part of a key: `count.posts.one`.
    pub fn word(self) -> &'static str {
        match self {
            Category::Zero => "zero",
            Category::One => "one",
            Category::Two => "two",
            Category::Few => "few",
            Category::Many => "many",
            Category::Other => "other",
        }
    }

    pub fn from_word(word: &str) -> Option<Category> {
        Category::ALL.into_iter().find(|category| category.word() == word)
    }
}

/// The category of `n` in a language (BCP 47); a language without a file of words is counted as English is.
pub fn category(language: &str, n: usize) -> Category {
    let millions = n != 0 && n.is_multiple_of(1_000_000);
    let one = match super::language::primary(language).as_str() {
        "ar" => return arabic(n),
        "fr" => n <= 1,
        // Portugal counts 0 as many, Brazil as one.
        "pt" if language.eq_ignore_ascii_case("pt-PT") => n == 1,
        "pt" => n <= 1,
        "es" => n == 1,
        _ => return if n == 1 { Category::One } else { Category::Other },
    };
    match (one, millions) {
        (true, _) => Category::One,
        (_, true) => Category::Many,
        _ => Category::Other,
    }
}

fn arabic(n: usize) -> Category {
    match (n, n % 100) {
        (0, _) => Category::Zero,
        (1, _) => Category::One,
        (2, _) => Category::Two,
        (_, 3..=10) => Category::Few,
        (_, 11..=99) => Category::Many,
        _ => Category::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_take_the_categories_of_cldr() {
        use Category::*;
        for (language, n, expected) in [
            ("en", 0, Other),
            ("en-GB", 1, One),
            ("en", 1_000_000, Other),
            ("de", 1, One),
            ("fr", 0, One),
            ("fr-CA", 1, One),
            ("fr", 2, Other),
            ("fr", 1_000_000, Many),
            ("es", 0, Other),
            ("es", 2_000_000, Many),
            ("pt-BR", 0, One),
            ("pt-PT", 0, Other),
            ("ar", 0, Zero),
            ("ar", 2, Two),
            ("ar", 103, Few),
            ("ar", 111, Many),
            ("ar", 100, Other),
            ("ar", 102, Other),
            ("x-unknown", 1, One),
        ] {
            assert_eq!(category(language, n), expected, "{n} in {language}");
        }
    }
}
