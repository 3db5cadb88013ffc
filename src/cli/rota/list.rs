//! The rotas themselves: listed, shown as files, and made from files.

use std::path::Path;

use super::file::RotaFile;
use crate::base::clock::new_id;
use crate::cli::Global;
use crate::cli::error::CliError;
use crate::cli::names;
use crate::cli::spec::{self, Mistakes};
use crate::cli::submit::submit;
use crate::client::api::Api;
use crate::domain::command::Command;
use crate::domain::roster::Rota;

pub(super) async fn list(api: &Api, global: &Global) -> Result<(), CliError> {
    let rotas = names::rotas(api).await?;
    let queues = if global.json { Vec::new() } else { names::queues(api).await? };
    global.out.list(&rotas, &["KEY", "NAME", "TIER", "ZONE", "QUEUES", "MEMBERS", "ACTIVE"], |rota| {
        vec![
            rota.key.clone(),
            rota.name.clone(),
            rota.tier.to_string(),
            rota.time_zone.clone(),
            rota.queues.iter().map(|id| names::key_of(&queues, *id)).collect::<Vec<_>>().join(","),
            rota.members.len().to_string(),
            if rota.active { "yes" } else { "no" }.to_owned(),
        ]
    })
}

pub(super) async fn show(api: &Api, key: &str, global: &Global) -> Result<(), CliError> {
    let rota = names::rota(api, key).await?;
    if global.json {
        return global.out.json(&rota);
    }
    let text = toml::to_string(&RotaFile::of(&rota, &names::directory(api).await?));
    let text = text.map_err(|error| CliError::failed(format!("The rota cannot be written as TOML: {error}.")))?;
    global.out.raw(&crate::base::text::clean_lines(&text))
}

pub(super) async fn apply(api: &Api, path: &Path, dry_run: bool, global: &Global) -> Result<(), CliError> {
    let (file, text): (RotaFile, String) = spec::read(path)?;
    let directory = names::directory(api).await?;
    let old = directory.rota_by_key(&file.key);
    let mut mistakes = Mistakes::new(&text);
    let row = file.row(old.map_or_else(|| new_id().into(), |old| old.id), &directory, &mut mistakes);
    mistakes.settle(path, global)?;
    let what = match old {
        Some(old) if Rota { version: old.version, ..row.clone() } == *old => {
            return global.out.done(&row, &format!("{} is as the file says already: nothing was changed.", row.key));
        }
        Some(_) => "changed",
        None => "made",
    };
    if dry_run {
        return global.out.done(&row, &format!("{} would be {what}.", row.key));
    }
    submit(api, None, Command::PutRota(Box::new(row.clone()))).await?;
    global.out.done(&row, &format!("{} is {what}.", row.key))
}
