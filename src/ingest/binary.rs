//! Numbers and values as the binary workbooks of all years write them.

use crate::model::GridValue;

/// The number in two bytes, the lower one first.
pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at.checked_add(2)?)?.try_into().ok().map(u16::from_le_bytes)
}

/// The number in four bytes, the lowest one first.
pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at.checked_add(4)?)?.try_into().ok().map(u32::from_le_bytes)
}

/// The number in eight bytes, perhaps a fraction.
pub(super) fn f64_at(bytes: &[u8], at: usize) -> Option<f64> {
    bytes.get(at..at.checked_add(8)?)?.try_into().ok().map(f64::from_le_bytes)
}

/// A number packed into 30 bits: whole or the upper part of a fraction, perhaps a hundredfold.
pub(super) fn unpacked(packed: u32) -> f64 {
    let number = if packed & 2 == 0 {
        f64::from_bits(u64::from(packed & !3) << 32)
    } else {
        f64::from(packed.cast_signed() >> 2)
    };
    if packed & 1 == 0 { number } else { number / 100.0 }
}

/// The error of this code.
pub(super) fn error(code: u8) -> GridValue {
    let text = match code {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0f => "#VALUE!",
        0x17 => "#REF!",
        0x1d => "#NAME?",
        0x24 => "#NUM!",
        0x2b => "#GETTING_DATA",
        _ => "#N/A",
    };
    GridValue::Error(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::float_cmp, reason = "the bits are exact")]
    fn packed_numbers_are_unpacked() {
        for (packed, number) in [
            (0x0000_000a, 2.0),
            (0xffff_fffe, -1.0),
            (0x0000_04d3, 3.08),
            (0x3ff0_0000, 1.0),
            (0x4050_0001, 0.64),
            (0x4081_5800, 555.0),
        ] {
            assert_eq!(unpacked(packed), number, "{packed:x}");
        }
    }
}
