//! Consoles come to hold exactly what they may see.

mod assignment;
mod changes;
mod channels;
mod clients;
mod clocks;
mod duty;
mod files;
mod here;
mod long;
mod replica;
mod scope;
mod secret;
mod sla;
mod storm;
