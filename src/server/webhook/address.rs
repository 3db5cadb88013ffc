//! Which addresses the desk calls. A webhook is written by a person and called by the server, which stands inside the
//! house's network: without this it could be made to call what only the server can reach.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// What stands in the way of calling an address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{host} leads to {address}, {why}; set allow_private on the webhook if it is meant to be called")]
pub struct Forbidden {
    pub host: String,
    pub address: IpAddr,
    pub why: &'static str,
}

/// Why an address is not called without `allow_private`; nothing for those of the public internet. Addresses that carry
/// another one inside (mapped, 6to4, NAT64) are judged by it.
#[must_use]
pub fn forbidden(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(address) => forbidden_v4(address),
        IpAddr::V6(address) => forbidden_v6(address),
    }
}

fn forbidden_v4(address: Ipv4Addr) -> Option<&'static str> {
    match address.octets() {
        [0, ..] => Some("an address of this machine"),
        [127, ..] => Some("an address of this machine"),
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] => Some("an address of a private network"),
        [100, 64..=127, ..] => Some("an address of a provider's own network"),
        [169, 254, ..] => Some("an address of the local link"),
        [192, 0, 0, _] | [192, 0, 2, _] | [198, 18..=19, ..] | [198, 51, 100, _] | [203, 0, 113, _] => Some("a reserved address"),
        [192, 88, 99, _] => Some("a reserved address"),
        [224..=255, ..] => Some("not the address of one machine"),
        _ => None,
    }
}

fn forbidden_v6(address: Ipv6Addr) -> Option<&'static str> {
    let within = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        forbidden_v4(Ipv4Addr::new(a, b, c, d))
    };
    match address.segments() {
        [0, 0, 0, 0, 0, 0, 0, 0..=1] => Some("an address of this machine"),
        // IPv4 in IPv6: mapped, compatible, translated, NAT64, 6to4.
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low] | [0, 0, 0, 0, 0xffff, 0, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            within(high, low)
        }
        [0x2002, high, low, ..] => within(high, low),
        [0x64, 0xff9b, ..] | [0x100, ..] | [0x2001, 0..=0x1ff, ..] | [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] | [0x5f00, ..] => {
            Some("a reserved address")
        }
        [0xfc00..=0xfdff, ..] => Some("an address of a private network"),
        [0xfe80..=0xfeff, ..] => Some("an address of the local link"),
        [0xff00..=0xffff, ..] => Some("not the address of one machine"),
        _ => None,
    }
}

/// Refuses a URL whose host is written as a forbidden address: those are never looked up, so no resolver sees them.
///
/// # Errors
/// When it is forbidden.
pub fn check_literal(url: &reqwest::Url) -> Result<(), Forbidden> {
    let host = url.host_str().unwrap_or_default();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let Ok(address) = bare.parse::<IpAddr>() else { return Ok(()) };
    forbidden(address).map_or(Ok(()), |why| Err(Forbidden { host: host.to_owned(), address, why }))
}

/// Looks names up and gives only addresses that may be called: the connection goes to what was checked, not to what a
/// second look-up might say.
#[derive(Debug)]
pub struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let host = name.as_str().to_owned();
            let found: Vec<SocketAddr> = tokio::net::lookup_host((host.as_str(), 0)).await?.collect();
            let refused = found.iter().find_map(|address| forbidden(address.ip()).map(|why| (address.ip(), why)));
            // A name that leads both ways is not trusted at all.
            if let Some((address, why)) = refused {
                return Err(Box::new(Forbidden { host, address, why }) as Box<_>);
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_public_internet_is_called() {
        let no = [
            "0.0.0.0",
            "0.1.2.3",
            "127.0.0.1",
            "127.255.0.9",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "100.64.0.1",
            "100.127.255.255",
            "169.254.169.254",
            "192.0.0.8",
            "198.18.0.1",
            "203.0.113.5",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::10.0.0.1",
            "64:ff9b::a9fe:a9fe",
            "64:ff9b:1::1",
            "2002:7f00:1::",
            "2001:0:1::1",
            "2001:db8::1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ];
        for address in no {
            assert!(forbidden(address.parse().unwrap()).is_some(), "{address}");
        }
        for address in ["1.1.1.1", "172.32.0.1", "100.128.0.1", "192.169.0.1", "::ffff:8.8.8.8", "64:ff9b::808:808", "2606:4700::1111"] {
            assert_eq!(forbidden(address.parse().unwrap()), None, "{address}");
        }
    }

    #[test]
    fn addresses_in_urls_are_seen_however_they_are_written() {
        for url in [
            "http://127.0.0.1/",
            "http://2130706433/",
            "http://0x7f.1/",
            "http://017700000001/",
            "http://[::1]:80/",
            "http://[::ffff:10.0.0.1]/",
            "http://0/",
        ] {
            let refused = check_literal(&url.parse().unwrap()).unwrap_err();
            assert!(refused.to_string().contains("allow_private"), "{url}: {refused}");
        }
        check_literal(&"https://hooks.example.com/127.0.0.1".parse().unwrap()).unwrap();
        check_literal(&"https://8.8.8.8/".parse().unwrap()).unwrap();
    }

    #[tokio::test]
    async fn names_that_lead_inside_are_refused() {
        let refused = PublicOnly.resolve("localhost".parse().unwrap()).await.err().unwrap();
        assert!(refused.downcast_ref::<Forbidden>().is_some(), "{refused}");
    }
}
