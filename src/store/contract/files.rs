//! Rows of files: begun, advanced, attached, dropped, forgotten.

use chrono::Duration;

use super::fixtures::*;
use crate::domain::command::Change;
use crate::domain::file::{FileOwner, FilePlace, FileState, StoredFile};
use crate::store::Store;

fn file(number: u64) -> StoredFile {
    StoredFile {
        id: id(40, number),
        name: "a.log".into(),
        media_type: "text/plain".into(),
        claimed_type: "text/plain".into(),
        size: 10,
        received: 0,
        sha256: None,
        owner: FileOwner::Person { id: id(1, 1) },
        place: None,
        state: FileState::Uploading,
        created_at: now() + Duration::seconds(number.cast_signed()),
    }
}

pub(super) async fn advances_by_compare_and_set(store: &dyn Store) {
    assert!(store.add_file(&file(1)).await.unwrap());
    assert!(!store.add_file(&StoredFile { size: 99, ..file(1) }).await.unwrap(), "the id is taken");
    let half = StoredFile { received: 5, ..file(1) };
    assert!(store.advance_file(0, &half).await.unwrap());
    assert!(!store.advance_file(0, &half).await.unwrap(), "it has moved on");
    assert_eq!(store.file(half.id).await.unwrap(), Some(half.clone()));
    let whole = StoredFile { received: 10, state: FileState::Complete, ..half };
    assert!(store.advance_file(5, &whole).await.unwrap());
    assert!(!store.advance_file(10, &whole).await.unwrap(), "complete is complete");
}

pub(super) async fn what_is_attached_is_not_dropped(store: &dyn Store) {
    for number in [1, 2] {
        store.add_file(&file(number)).await.unwrap();
    }
    let place = FilePlace { message: id(5, 1), conversation: id(6, 1), ticket: None };
    let attached = StoredFile { place: Some(place), received: 10, state: FileState::Complete, ..file(1) };
    execute(store, vec![Change::PutFile(attached.clone())]).await;
    assert!(!store.drop_file(&attached).await.unwrap());
    store.forget_file(attached.id).await.unwrap();
    assert_eq!(store.file(attached.id).await.unwrap(), Some(attached));
    assert!(store.loose_files(file(2).created_at, 10).await.unwrap().is_empty(), "not yet");
    assert!(store.drop_file(&file(2)).await.unwrap());
    let dropped = store.loose_files(file(2).created_at, 10).await.unwrap();
    assert_eq!(dropped.iter().map(|file| (file.id, file.state)).collect::<Vec<_>>(), [(file(2).id, FileState::Dropped)]);
    store.forget_file(file(2).id).await.unwrap();
    assert_eq!(store.file(file(2).id).await.unwrap(), None);
}
