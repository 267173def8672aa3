//! Types that are a text in files: read as `FromStr` reads them, and written as `Display` prints them.
//!
//! For what says `#[serde(into = "String", try_from = "String")]` and prints in full.

macro_rules! as_text {
    ($($name:ident),+) => {$(
        impl TryFrom<String> for $name {
            type Error = <$name as std::str::FromStr>::Err;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(it: $name) -> Self {
                it.to_string()
            }
        }
    )+};
}

pub(in crate::domain) use as_text;
