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

/// How a language counts; its file names it (`plural = "english"`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    English,
    Spanish,
    French,
    Portuguese,
    Arabic,
}

impl Rule {
    const ALL: [Rule; 5] = [Rule::English, Rule::Spanish, Rule::French, Rule::Portuguese, Rule::Arabic];

    fn word(self) -> &'static str {
        match self {
            Rule::English => "english",
            Rule::Spanish => "spanish",
            Rule::French => "french",
            Rule::Portuguese => "portuguese",
            Rule::Arabic => "arabic",
        }
    }

    pub fn from_word(word: &str) -> Option<Rule> {
        Rule::ALL.into_iter().find(|rule| rule.word() == word)
    }

    /// The category of `n`; the language's whole tag (BCP 47) says the country.
    pub fn category(self, language: &str, n: usize) -> Category {
        let millions = n != 0 && n.is_multiple_of(1_000_000);
        let (one, many) = match self {
            Rule::English => (n == 1, false),
            Rule::Spanish => (n == 1, millions),
            Rule::French => (n <= 1, millions),
            // Portugal counts 0 as many, Brazil as one.
            Rule::Portuguese => (n == 1 || n == 0 && !language.eq_ignore_ascii_case("pt-PT"), millions),
            Rule::Arabic => return arabic(n),
        };
        match (one, many) {
            (true, _) => Category::One,
            (_, true) => Category::Many,
            _ => Category::Other,
        }
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
            let words = super::super::language::find(language).unwrap_or_else(super::super::language::english);
            assert_eq!(words.plural.category(language, n), expected, "{n} in {language}");
        }
    }
}
