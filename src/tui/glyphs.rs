//! The few signs that are not letters, in one table with their ASCII stand-ins.

#[derive(Debug, PartialEq, Eq)]
pub struct Glyphs {
    pub is_ascii: bool,
    pub ellipsis: &'static str,
    pub cursor: &'static str,
    pub arrow: &'static str,
    pub up: &'static str,
    pub down: &'static str,
    pub rule: &'static str,
    pub upright: &'static str,
    pub dot: &'static str,
    pub normal: &'static str,
    pub elevated: &'static str,
    pub degraded: &'static str,
    pub critical: &'static str,
    pub unknown: &'static str,
    pub deploy: &'static str,
    pub alarm: &'static str,
    pub change: &'static str,
    pub diagnosis: &'static str,
    pub action: &'static str,
    pub axis: &'static str,
    pub failing: &'static str,
    pub spark: [&'static str; 8],
    pub corners: [&'static str; 4],
    /// Lines by the sides they touch: 1 is up, 2 right, 4 down, 8 left.
    pub wires: [&'static str; 16],
    /// The same for the one way that matters, which is told apart without colour as well.
    pub heavy_wires: [&'static str; 16],
    /// There is more at the left, above, below, and at the right.
    pub beyond: [&'static str; 4],
}

impl Glyphs {
    /// Signs for values in a row, drawn from nothing up to the most there was, so that a line is only as steep as what it
    /// tells. The last step is left out, that lines below one another do not grow into one block.
    pub fn levels(&self, values: &[Option<f64>]) -> Vec<Option<&'static str>> {
        let known = || values.iter().filter_map(|value| *value);
        let (least, most) = (known().fold(0.0, f64::min), known().fold(0.0, f64::max));
        let share = |value: f64| if most > least { (value - least) / (most - least) } else { 0.0 };
        let sign = |value: f64| self.spark[(share(value) * 6.0).round().clamp(0.0, 6.0) as usize];
        values.iter().map(|value| value.map(sign)).collect()
    }
}

pub const UNICODE: Glyphs = Glyphs {
    is_ascii: false,
    ellipsis: "…",
    cursor: "▸",
    arrow: "→",
    up: "↑",
    down: "↓",
    rule: "─",
    upright: "│",
    dot: "·",
    normal: "●",
    elevated: "▲",
    degraded: "◆",
    critical: "■",
    unknown: "○",
    deploy: "●",
    alarm: "▲",
    change: "◇",
    diagnosis: "◆",
    action: "■",
    axis: "─",
    failing: "!",
    spark: ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"],
    corners: ["╭", "╮", "╰", "╯"],
    wires: [" ", "│", "─", "└", "│", "│", "┌", "├", "─", "┘", "─", "┴", "┐", "┤", "┬", "┼"],
    heavy_wires: [" ", "┃", "━", "┗", "┃", "┃", "┏", "┣", "━", "┛", "━", "┻", "┓", "┫", "┳", "╋"],
    beyond: ["←", "↑", "↓", "→"],
};

pub const ASCII: Glyphs = Glyphs {
    is_ascii: true,
    ellipsis: "~",
    cursor: ">",
    arrow: "->",
    up: "^",
    down: "+",
    rule: "-",
    upright: "|",
    dot: "-",
    normal: "o",
    elevated: "^",
    degraded: "#",
    critical: "X",
    unknown: "?",
    deploy: "D",
    alarm: "!",
    change: "c",
    diagnosis: "d",
    action: "a",
    axis: "-",
    failing: "!",
    spark: ["_", "_", ".", ".", "-", "-", "=", "#"],
    corners: ["+", "+", "+", "+"],
    wires: [" ", "|", "-", "+", "|", "|", "+", "+", "-", "+", "-", "+", "+", "+", "+", "+"],
    heavy_wires: [" ", "#", "=", "#", "#", "#", "#", "#", "=", "#", "=", "#", "#", "#", "#", "#"],
    beyond: ["<", "^", "v", ">"],
};

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(values: &[f64]) -> String {
        let values: Vec<_> = values.iter().copied().map(Some).collect();
        UNICODE.levels(&values).into_iter().map(|sign| sign.unwrap_or(" ")).collect()
    }

    #[test]
    fn a_line_is_as_steep_as_what_it_tells_and_nothing_lies_at_the_bottom() {
        assert_eq!(drawn(&[12.14, 12.0]), "▇▇");
        assert_eq!(drawn(&[0.0, 0.0]), "▁▁");
        assert_eq!(drawn(&[12.0, 6.0, 0.0]), "▇▄▁");
        assert_eq!(UNICODE.levels(&[None, Some(3.0)]), [None, Some("▇")]);
    }
}
