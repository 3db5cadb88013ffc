//! Numbers that are read from across the room: digits five rows high, drawn by us.

/// Rows of a digit at scale one.
pub const ROWS: usize = 5;
/// Cells of a digit at scale one, its gap included.
pub const CELLS: usize = 6;

/// Each digit as five rows of five bits.
const FONT: [[u8; ROWS]; 10] = [
    [0b01110, 0b10001, 0b10001, 0b10001, 0b01110],
    [0b00100, 0b01100, 0b00100, 0b00100, 0b01110],
    [0b11110, 0b00001, 0b01110, 0b10000, 0b11111],
    [0b11110, 0b00001, 0b00110, 0b00001, 0b11110],
    [0b10010, 0b10010, 0b11111, 0b00010, 0b00010],
    [0b11111, 0b10000, 0b11110, 0b00001, 0b11110],
    [0b01110, 0b10000, 0b11110, 0b10001, 0b01110],
    [0b11111, 0b00010, 0b00100, 0b01000, 0b01000],
    [0b01110, 0b10001, 0b01110, 0b10001, 0b01110],
    [0b01110, 0b10001, 0b01111, 0b00001, 0b01110],
];

/// `number` in rows of blocks, each bit `scale` cells wide and high; `fill` is what blocks are made of.
#[must_use]
pub fn big(number: u32, scale: usize, fill: char) -> Vec<String> {
    let digits: Vec<usize> = number.to_string().bytes().map(|byte| usize::from(byte - b'0')).collect();
    let row = |row: usize| -> String {
        digits.iter().flat_map(|digit| (0..5).rev().map(move |bit| FONT[*digit][row] >> bit & 1 == 1).chain([false])).fold(
            String::new(),
            |line, set| {
                let cell = if set { fill } else { ' ' };
                line + &String::from(cell).repeat(scale)
            },
        )
    };
    (0..ROWS).flat_map(|at| std::iter::repeat_n(row(at), scale)).collect()
}

/// The largest scale, 1 to 3, at which `number` fits; none when it does not fit at all.
#[must_use]
pub fn scale_for(number: u32, width: usize, height: usize) -> Option<usize> {
    let digits = number.to_string().len();
    (1..=3).rev().find(|scale| digits * CELLS * scale <= width + scale && ROWS * scale <= height)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_look_like_digits() {
        assert_eq!(big(17, 1, '#'), ["  #   ##### ", " ##      #  ", "  #     #   ", "  #    #    ", " ###   #    "]);
        assert_eq!(big(4, 2, '#').len(), 10);
        assert!(big(1_234, 2, '█').iter().all(|row| row.chars().count() == 4 * CELLS * 2));
    }

    #[test]
    fn the_scale_is_what_fits() {
        assert_eq!(scale_for(7, 6, 5), Some(1));
        assert_eq!(scale_for(7, 12, 10), Some(2));
        assert_eq!(scale_for(1_234, 20, 5), None);
        assert_eq!(scale_for(7, 80, 4), None);
    }
}
