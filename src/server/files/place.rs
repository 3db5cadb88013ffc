//! Where bytes are: `DIR`, `s3://bucket/prefix`, or memory. S3 reads its endpoint, region and keys from the environment, under
//! the names every S3 client knows: `AWS_ENDPOINT`, `AWS_REGION`, `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_ALLOW_HTTP`.

use std::path::PathBuf;
use std::sync::Arc;

use object_store::ObjectStore;
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::path::Path;

/// Where files are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FilePlaceConfig {
    Folder(PathBuf),
    /// Anything that speaks S3.
    S3 {
        bucket: String,
        prefix: String,
    },
    Memory,
}

impl FilePlaceConfig {
    /// Reads `DIR` or `s3://bucket/prefix`.
    ///
    /// # Errors
    /// One sentence when it is neither.
    pub fn parse(text: &str) -> Result<Self, String> {
        if let Some(rest) = text.strip_prefix("s3://") {
            let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
            if bucket.is_empty() {
                return Err("There is no bucket in it: write s3://BUCKET or s3://BUCKET/PREFIX.".to_owned());
            }
            return Ok(Self::S3 { bucket: bucket.to_owned(), prefix: prefix.trim_matches('/').to_owned() });
        }
        if let Some((scheme, _)) = text.split_once("://") {
            return Err(format!("Files cannot be kept at {scheme}://: write a folder, or s3://BUCKET/PREFIX."));
        }
        if text.is_empty() {
            return Err("It is empty: write a folder, or s3://BUCKET/PREFIX.".to_owned());
        }
        Ok(Self::Folder(text.into()))
    }
}

/// Opens the place. For S3 no request is made yet.
pub(super) fn open(place: &FilePlaceConfig) -> Result<(Arc<dyn ObjectStore>, Path), String> {
    Ok(match place {
        FilePlaceConfig::Memory => (Arc::new(InMemory::new()), Path::default()),
        FilePlaceConfig::Folder(folder) => (Arc::new(folder_store(folder)?), Path::default()),
        FilePlaceConfig::S3 { bucket, prefix } => {
            // The client needs a TLS provider; a second installation answers an error, which is as good.
            let _ = rustls::crypto::ring::default_provider().install_default();
            let built = AmazonS3Builder::from_env().with_bucket_name(bucket).build();
            let store = built.map_err(|error| format!("The S3 bucket {bucket} cannot be used as configured: {error}. Set AWS_REGION, AWS_ENDPOINT, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."))?;
            (Arc::new(store), Path::from(prefix.as_str()))
        }
    })
}

/// A folder of the server's own user alone.
fn folder_store(folder: &std::path::Path) -> Result<LocalFileSystem, String> {
    use std::os::unix::fs::DirBuilderExt;
    let failed = |why: String| format!("The folder {} for files cannot be used: {why}. Name another with --files.", folder.display());
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(|error| failed(error.to_string()))?;
    let store = LocalFileSystem::new_with_prefix(folder).map_err(|error| failed(error.to_string()))?;
    Ok(store.with_automatic_cleanup(true))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read_or_refused_with_a_hint() {
        let s3 = |bucket: &str, prefix: &str| FilePlaceConfig::S3 { bucket: bucket.into(), prefix: prefix.into() };
        assert_eq!(FilePlaceConfig::parse("s3://desk/a/b/"), Ok(s3("desk", "a/b")));
        assert_eq!(FilePlaceConfig::parse("s3://desk"), Ok(s3("desk", "")));
        assert_eq!(FilePlaceConfig::parse("/var/files"), Ok(FilePlaceConfig::Folder("/var/files".into())));
        for wrong in ["s3://", "s3:///x", "gs://bucket", ""] {
            assert!(FilePlaceConfig::parse(wrong).unwrap_err().contains("s3://BUCKET"), "{wrong}");
        }
    }

    #[test]
    fn an_s3_place_opens_without_a_request_and_keeps_its_prefix() {
        let (store, prefix) = open(&FilePlaceConfig::parse("s3://desk/files").unwrap()).unwrap();
        assert!(store.to_string().contains("desk"), "{store}");
        assert_eq!(prefix.to_string(), "files");
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_told() {
        let file = tempfile::NamedTempFile::new().unwrap();
        assert!(open(&FilePlaceConfig::Folder(file.path().join("x"))).unwrap_err().contains("--files"));
    }
}
