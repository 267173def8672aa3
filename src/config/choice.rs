//! Settings that are one word out of a few, as enums with their words.

use super::value::{Value, Wrong, quoted};
use crate::domain::problem::nearest;
use toml::de::DeValue;

macro_rules! choices {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$of])* $variant),+ }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl Value for $name {
            fn wants() -> String {
                let words: Vec<_> = Self::ALL.iter().map(|choice| quoted(choice.word())).collect();
                format!("one of {}", words.join(", "))
            }

            fn read(value: &DeValue<'_>) -> Result<Self, Wrong> {
                let word = value.as_str().ok_or_else(Wrong::value)?;
                let words = || Self::ALL.iter().map(|choice| choice.word());
                let choice = Self::ALL.iter().copied().find(|choice| choice.word() == word);
                choice.ok_or_else(|| Wrong::near(nearest(word, words())))
            }

            fn write(&self) -> Option<String> {
                Some(quoted(self.word()))
            }
        }
    };
}

choices!(
    /// The screen a session opens on.
    Screen {
        #[default]
        Situation = "situation",
        Incident = "incident",
        Feed = "feed",
        Services = "services",
        Readiness = "readiness",
        Plan = "plan",
    }
);

choices!(
    /// How the terminal is told that a clock of an incident has run out.
    Notify {
        #[default]
        Off = "off",
        Bell = "bell",
        /// OSC 9, which many terminals show as a notification.
        Osc9 = "osc9",
    }
);

choices!(
    /// How many colours to use.
    Color {
        /// What the terminal says it can.
        #[default]
        Auto = "auto",
        Never = "never",
        Sixteen = "16",
        Indexed = "256",
        True = "truecolor",
    }
);

choices!(
    /// How much goes into the log.
    Level {
        Error = "error",
        Warn = "warn",
        #[default]
        Info = "info",
        Debug = "debug",
        Trace = "trace",
    }
);
