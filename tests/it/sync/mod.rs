//! Consoles come to hold exactly what they may see.

mod assignment;
mod changes;
mod clients;
mod clocks;
mod duty;
mod files;
mod replica;
mod scope;
mod sla;
mod storm;
