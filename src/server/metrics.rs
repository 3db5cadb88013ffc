//! Figures for `/metrics`.

use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use super::admission::Gates;

/// The server's counters.
pub struct Metrics {
    registry: Registry,
    /// Commands by type and answer (`done`, `replayed`, or the refusal's code).
    pub commands: Family<Vec<(String, String)>, Counter>,
    /// Requests by status.
    pub requests: Family<Vec<(String, String)>, Counter>,
    /// Failed runs of jobs, by job.
    pub job_failures: Family<Vec<(String, String)>, Counter>,
    pub streams: Gauge,
    pub people_connected: Gauge,
    pub tickets: Gauge,
    pub tickets_unassigned: Gauge,
    pub messages: Gauge,
}

impl Metrics {
    #[must_use]
    pub fn new(gates: &Gates) -> Self {
        let mut registry = Registry::with_prefix("dutydesk");
        let metrics = Self {
            commands: Family::default(),
            requests: Family::default(),
            job_failures: Family::default(),
            streams: Gauge::default(),
            people_connected: Gauge::default(),
            tickets: Gauge::default(),
            tickets_unassigned: Gauge::default(),
            messages: Gauge::default(),
            registry: Registry::default(),
        };
        registry.register("commands", "Commands by type and answer", metrics.commands.clone());
        registry.register("requests", "HTTP requests by status", metrics.requests.clone());
        registry.register("job_failures", "Failed runs of jobs", metrics.job_failures.clone());
        registry.register("streams", "Open event streams", metrics.streams.clone());
        registry.register("people_connected", "People with a connected console", metrics.people_connected.clone());
        registry.register("tickets", "Tickets on record", metrics.tickets.clone());
        registry.register("tickets_unassigned", "New and open tickets without assignee", metrics.tickets_unassigned.clone());
        registry.register("messages", "Messages on record", metrics.messages.clone());
        for (name, gate) in [("snapshots", &gates.snapshots), ("streams", &gates.streams), ("catch_up", &gates.catch_up)] {
            registry.register(format!("{name}_waiting"), "Waiting in line to be served", gate.waits.clone());
            registry.register(format!("{name}_sent_away"), "Told to come back later, the line being full", gate.sent_away.clone());
        }
        Self { registry, ..metrics }
    }

    /// The text that Prometheus reads.
    #[must_use]
    pub fn render(&self) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}
