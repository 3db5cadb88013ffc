//! Makes something to look at of a file that is here: a picture in cells, the first page of a text, or its first bytes. Runs off
//! the screen's path, within limits: a picture of a billion pixels is told, not unpacked.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use image::{DynamicImage, ImageReader, Limits};
use ratatui::layout::Size;
use ratatui_image::protocol::Protocol;
use ratatui_image::protocol::halfblocks::Halfblocks;
use ratatui_image::protocol::iterm2::Iterm2;
use ratatui_image::protocol::kitty::Kitty;
use ratatui_image::protocol::sixel::Sixel;

use super::graphics::{Graphics, Way};
use crate::base::lines::{From, Mark, Page, page};
use crate::domain::file::sniff;

/// Pixels along one side, and bytes that unpacking may take.
const SIDE_MAX: u32 = 20_000;
const BYTES_MAX: u64 = 256 * 1024 * 1024;
/// Bytes of an unknown file that are shown.
const HEAD: u64 = 4096;

/// A file as it is shown.
#[derive(Clone)]
pub enum Opened {
    Picture {
        shown: Arc<Protocol>,
        width: u32,
        height: u32,
    },
    Text {
        path: PathBuf,
        page: Page,
        mark: Mark,
    },
    /// Lines of a hex dump; with why it is not shown as what it is.
    Bytes {
        lines: Vec<String>,
        why: Option<String>,
    },
}

impl std::fmt::Debug for Opened {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Picture { .. } => "Picture",
            Self::Text { .. } => "Text",
            Self::Bytes { .. } => "Bytes",
        })
    }
}

/// Opens `path` for `width` by `height` cells.
///
/// # Errors
/// One sentence when it cannot be read.
pub async fn open(path: PathBuf, width: u16, height: u16, graphics: Graphics) -> Result<Opened, String> {
    let work = tokio::task::spawn_blocking(move || look(&path, Size::new(width, height), graphics));
    work.await.map_err(|error| error.to_string())?
}

fn look(path: &Path, size: Size, graphics: Graphics) -> Result<Opened, String> {
    let mut head = Vec::new();
    let file = std::fs::File::open(path).map_err(|error| error.to_string())?;
    file.take(sniff::HEAD_BYTES as u64).read_to_end(&mut head).map_err(|error| error.to_string())?;
    let kind = sniff::media_type(&head, "application/octet-stream");
    let mut why = None;
    if kind.starts_with("image/") && graphics.way != Way::None {
        match picture(path, size, graphics) {
            Ok(opened) => return Ok(opened),
            Err(error) => why = Some(error),
        }
    } else if sniff::is_text(&head) {
        let mut mark = Mark::default();
        let page = page(path, From::At(0), usize::from(size.height), &mut mark).map_err(|error| error.to_string())?;
        return Ok(Opened::Text { path: path.to_owned(), page, mark });
    }
    head.truncate(usize::try_from(HEAD).unwrap_or(usize::MAX));
    Ok(Opened::Bytes { lines: dump(&head), why })
}

fn picture(path: &Path, size: Size, graphics: Graphics) -> Result<Opened, String> {
    let mut reader = ImageReader::open(path).and_then(ImageReader::with_guessed_format).map_err(|error| error.to_string())?;
    let mut limits = Limits::default();
    (limits.max_image_width, limits.max_image_height, limits.max_alloc) = (Some(SIDE_MAX), Some(SIDE_MAX), Some(BYTES_MAX));
    reader.limits(limits);
    let image = reader.decode().map_err(|error| error.to_string())?;
    let (width, height) = (image.width(), image.height());
    let shown = Arc::new(encode(image, size, graphics)?);
    Ok(Opened::Picture { shown, width, height })
}

/// The picture in as many cells as it needs, and at most `size`; never larger than it is.
fn encode(image: DynamicImage, size: Size, graphics: Graphics) -> Result<Protocol, String> {
    let (cell_width, cell_height) = (u32::from(graphics.cell.0), u32::from(graphics.cell.1));
    let (room_width, room_height) = (u32::from(size.width.max(1)) * cell_width, u32::from(size.height.max(1)) * cell_height);
    // A small one is not blown up beyond its own pixels, but a cell it takes at least.
    let (wide, high) = (image.width().max(1), image.height().max(1));
    let scale = (f64::from(room_width) / f64::from(wide)).min(f64::from(room_height) / f64::from(high)).min(8.0);
    let pixels = |length: u32, room: u32| ((f64::from(length) * scale).round() as u32).clamp(1, room);
    let (to_width, to_height) = (pixels(wide, room_width), pixels(high, room_height));
    let cells = Size::new(
        u16::try_from(to_width.div_ceil(cell_width)).unwrap_or(size.width).min(size.width).max(1),
        u16::try_from(to_height.div_ceil(cell_height)).unwrap_or(size.height).min(size.height).max(1),
    );
    let image = image.resize_exact(to_width, to_height, image::imageops::FilterType::Triangle);
    let made = match graphics.way {
        Way::Kitty => Kitty::new(image, cells, rand::random(), false, false).map(Protocol::Kitty),
        Way::Iterm2 => Iterm2::new(image, cells, false).map(Protocol::ITerm2),
        Way::Sixel => Sixel::new(image, cells, false).map(Protocol::Sixel),
        Way::HalfBlocks | Way::None => Halfblocks::new(image, cells).map(Protocol::Halfblocks),
    };
    made.map_err(|error| error.to_string())
}

/// `00000010  41 42 …  AB…`
fn dump(bytes: &[u8]) -> Vec<String> {
    let line = |(index, row): (usize, &[u8])| {
        let hex: Vec<String> = row.iter().map(|byte| format!("{byte:02x}")).collect();
        let text: String = row.iter().map(|byte| if (0x20..0x7f).contains(byte) { char::from(*byte) } else { '.' }).collect();
        format!("{:08x}  {:<47}  {text}", index * 16, hex.join(" "))
    };
    bytes.chunks(16).enumerate().map(line).collect()
}
