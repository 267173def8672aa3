//! What the headers of an answer say: numbers, moments, and where the next page is.

use crate::domain::{Span, Time};
use jiff::fmt::rfc2822::DateTimeParser;
use reqwest::header::HeaderMap;

pub(super) fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

pub(super) fn number(headers: &HeaderMap, name: &str) -> Option<u64> {
    text(headers, name)?.trim().parse().ok()
}

/// `Sun, 06 Nov 1994 08:49:37 GMT`, the one form servers still send.
pub(in crate::sources) fn http_date(text: &str) -> Option<Time> {
    DateTimeParser::new().parse_timestamp(text).ok().map(Time::from)
}

/// How long a server wants to be left alone: in seconds, or until a moment of its own clock.
pub(super) fn retry_after(headers: &HeaderMap, now: Time) -> Option<Span> {
    let text = text(headers, "retry-after")?.trim();
    let seconds = text.parse().ok().map(|seconds: i64| Span::seconds(seconds.max(0)));
    seconds.or_else(|| http_date(text).map(|until| (until - now).max(Span::ZERO)))
}

/// The address marked `rel="next"` in the `Link` header.
pub(super) fn next_link(headers: &HeaderMap) -> Option<String> {
    let links = headers.get_all("link").iter().filter_map(|value| value.to_str().ok());
    let mut parts = links.flat_map(|links| links.split(','));
    let next = parts.find(|part| part.split(';').skip(1).any(|p| p.trim().replace('"', "") == "rel=next"))?;
    let address = next.split(';').next()?.trim();
    Some(address.strip_prefix('<')?.strip_suffix('>')?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: &'static str, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name.parse().unwrap(), value.parse().unwrap())])
    }

    #[test]
    fn the_next_page_is_found_among_the_links() {
        let links = r#"<https://h/a?page=1>; rel="prev", <https://h/a?page=3>; rel="next", <https://h/a?page=9>; rel="last""#;
        assert_eq!(next_link(&headers("link", links)).as_deref(), Some("https://h/a?page=3"));
        assert_eq!(next_link(&headers("link", r#"<https://h/a>; rel="last""#)), None);
        assert_eq!(next_link(&headers("link", "nonsense")), None);
    }

    #[test]
    fn a_pause_is_told_in_seconds_or_as_a_moment() {
        let now = http_date("Sun, 06 Nov 1994 08:49:37 GMT").unwrap();
        let until = headers("retry-after", "Sun, 06 Nov 1994 08:50:37 GMT");
        assert_eq!(retry_after(&until, now), Some(Span::minutes(1)));
        assert_eq!(retry_after(&headers("retry-after", "7"), now), Some(Span::seconds(7)));
        assert_eq!(retry_after(&headers("retry-after", "soon"), now), None);
    }
}
