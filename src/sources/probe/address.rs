//! Where a check may lead: to public addresses, to private ones if the room allows it, and to some never.
//!
//! Asked of the address that is connected to, after a name was looked up, so that a name that means something else the
//! second time changes nothing.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Which addresses may be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bounds {
    Public,
    /// Loopback and private networks as well.
    Private,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    Public,
    Private,
    /// Link-local, where clouds keep credentials, and what is no one server.
    Never,
}

impl Bounds {
    /// Why an address may not be asked.
    pub(super) fn check(self, ip: IpAddr) -> Result<(), String> {
        match (reach(ip), self) {
            (Reach::Public, _) | (Reach::Private, Self::Private) => Ok(()),
            (Reach::Private, Self::Public) => {
                Err(format!("{ip} is a private address; allow it with allow_private = true under [probe]"))
            }
            (Reach::Never, _) => Err(format!("{ip} is no address of a server")),
        }
    }
}

fn reach(ip: IpAddr) -> Reach {
    match ip {
        IpAddr::V4(ip) => of_four(ip),
        IpAddr::V6(ip) => embedded(ip).map_or_else(|| of_six(ip), of_four),
    }
}

fn of_four(ip: Ipv4Addr) -> Reach {
    let [a, b, c, _] = ip.octets();
    if ip.is_loopback() || ip.is_private() || (a == 100 && (64..128).contains(&b)) {
        return Reach::Private;
    }
    let is_reserved = a == 0 || a >= 240 || (a, b, c) == (192, 0, 0) || (a == 198 && (b == 18 || b == 19));
    let is_nowhere = ip.is_link_local() || ip.is_multicast() || ip.is_broadcast() || ip.is_documentation();
    if is_reserved || is_nowhere { Reach::Never } else { Reach::Public }
}

fn of_six(ip: Ipv6Addr) -> Reach {
    let first = ip.segments()[0];
    if ip.is_loopback() || first & 0xfe00 == 0xfc00 {
        return Reach::Private;
    }
    let is_documentation = first == 0x2001 && ip.segments()[1] == 0x0db8;
    let is_nowhere = ip.is_unspecified() || ip.is_multicast() || first & 0xffc0 == 0xfe80 || is_documentation;
    if is_nowhere { Reach::Never } else { Reach::Public }
}

/// The address of the old kind that one of the new kind stands for.
fn embedded(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    let [a, b, c, d, e, f, g, h] = ip.segments();
    let four = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        Ipv4Addr::new(a, b, c, d)
    };
    match (a, b) {
        (0x0064, 0xff9b) if (c, d, e, f) == (0, 0, 0, 0) => Some(four(g, h)),
        (0x2002, _) => Some(four(b, c)),
        _ => ip.to_ipv4_mapped(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_addresses_are_for_rooms_that_allow_them_and_some_are_for_nobody() {
        let may = |ip: &str| {
            let ip = ip.parse().unwrap();
            (Bounds::Public.check(ip).is_ok(), Bounds::Private.check(ip).is_ok())
        };
        for ip in ["93.184.216.34", "2606:2800:220:1::1", "64:ff9b::8.8.8.8", "::ffff:8.8.8.8", "172.32.0.1"]
        {
            assert_eq!(may(ip), (true, true), "{ip}");
        }
        for ip in [
            "127.0.0.1",
            "127.8.9.1",
            "10.0.0.1",
            "172.16.0.1",
            "192.168.1.1",
            "100.64.0.1",
            "::1",
            "fd00::1",
            "::ffff:10.0.0.1",
            "64:ff9b::10.0.0.1",
            "2002:0a00:0001::1",
        ] {
            assert_eq!(may(ip), (false, true), "{ip}");
        }
        for ip in [
            "0.0.0.0",
            "169.254.169.254",
            "224.0.0.1",
            "255.255.255.255",
            "192.0.2.1",
            "198.18.0.1",
            "240.0.0.1",
            "::",
            "fe80::1",
            "ff02::1",
            "::ffff:169.254.169.254",
            "2001:db8::1",
        ] {
            assert_eq!(may(ip), (false, false), "{ip}");
        }
    }
}
