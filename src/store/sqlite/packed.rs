//! Rows whose JSON is long and alike: kept deflated above [`PACK_ABOVE`] bytes. A decision among 500 people is 70 kB of
//! JSON, and a storm of tickets makes thousands.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::cells::Cell;
use crate::store::StoreError;

/// Shorter rows stay text.
const PACK_ABOVE: usize = 4096;

/// The row as JSON text, or deflated.
pub(super) fn pack(row: &impl Serialize) -> Cell {
    let json = serde_json::to_string(row).expect("rows hold only what JSON can say");
    if json.len() <= PACK_ABOVE {
        return Cell::Text(json);
    }
    let mut encoder = ZlibEncoder::new(Vec::with_capacity(json.len() / 4), Compression::fast());
    let packed = encoder.write_all(json.as_bytes()).and_then(|()| encoder.finish());
    packed.map_or(Cell::Text(json), Cell::Blob)
}

/// Reads what [`pack`] made.
pub(super) fn unpack<T: DeserializeOwned>(stored: &[u8]) -> Result<T, StoreError> {
    if stored.first() == Some(&b'{') {
        return serde_json::from_slice(stored).map_err(StoreError::Corrupt);
    }
    let mut json = Vec::new();
    ZlibDecoder::new(stored).read_to_end(&mut json).map_err(|error| StoreError::Corrupt(serde_json::Error::io(error)))?;
    serde_json::from_slice(&json).map_err(StoreError::Corrupt)
}
