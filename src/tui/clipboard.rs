//! Copying by OSC 52: the terminal in front of the person takes the text, however many hops away it is.

use super::carrier::Multiplexer;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Terminals drop longer sequences silently, so longer texts are refused loudly.
pub const LONGEST: usize = 74_994 / 4 * 3;

/// The bytes that put a text into the clipboard, or how much too long it is.
pub fn copy(text: &str, multiplexer: Multiplexer) -> Result<Vec<u8>, TooLong> {
    if text.len() > LONGEST {
        return Err(TooLong(text.len()));
    }
    let sequence = format!("\x1b]52;c;{}\x07", STANDARD.encode(text));
    let wrapped = match multiplexer {
        Multiplexer::None => sequence,
        // With set-clipboard tmux takes the plain form, with allow-passthrough the one that is doubled and wrapped;
        // what it is not set to take it drops.
        Multiplexer::Tmux => format!("{sequence}\x1bPtmux;{}\x1b\\", sequence.replace('\x1b', "\x1b\x1b")),
        Multiplexer::Screen => format!("\x1bP{sequence}\x1b\\"),
    };
    Ok(wrapped.into_bytes())
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} bytes are more than a terminal takes into its clipboard ({LONGEST})")]
pub struct TooLong(pub usize);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_reaches_the_terminal_through_tmux() {
        assert_eq!(copy("hi", Multiplexer::None).unwrap(), b"\x1b]52;c;aGk=\x07");
        let plain_and_wrapped = b"\x1b]52;c;aGk=\x07\x1bPtmux;\x1b\x1b]52;c;aGk=\x07\x1b\\";
        assert_eq!(copy("hi", Multiplexer::Tmux).unwrap(), plain_and_wrapped);
    }

    #[test]
    fn too_much_is_said_rather_than_lost() {
        assert_eq!(copy(&"x".repeat(LONGEST + 1), Multiplexer::None), Err(TooLong(LONGEST + 1)));
    }
}
