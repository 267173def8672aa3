//! The pages of the console a signal links to.

use std::fmt::Write as _;

pub(super) fn alarm(region: &str, name: &str) -> String {
    format!("{}/cloudwatch/home?region={region}#alarmsV2:alarm/{}", console(region), encoded(name))
}

pub(super) fn service(region: &str, cluster: &str, service: &str, tab: &str) -> String {
    let (cluster, service) = (encoded(cluster), encoded(service));
    format!("{}/ecs/v2/clusters/{cluster}/services/{service}/{tab}?region={region}", console(region))
}

pub(super) fn deployment(region: &str, id: &str) -> String {
    format!("{}/codesuite/codedeploy/deployments/{}?region={region}", console(region), encoded(id))
}

pub(super) fn event(region: &str, id: &str) -> String {
    format!("{}/cloudtrailv2/home?region={region}#/events/{}", console(region), encoded(id))
}

/// The console wants the names of groups encoded twice, with a dollar for the percent sign.
pub(super) fn log_group(region: &str, group: &str) -> String {
    let group = encoded(group).replace('%', "$25");
    format!("{}/cloudwatch/home?region={region}#logsV2:log-groups/log-group/{group}", console(region))
}

fn console(region: &str) -> String {
    let domain = match region {
        cn if cn.starts_with("cn-") => "console.amazonaws.cn",
        gov if gov.starts_with("us-gov-") => "console.amazonaws-us-gov.com",
        _ => "console.aws.amazon.com",
    };
    format!("https://{}.{domain}", encoded(region))
}

fn encoded(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => text.push(byte as char),
            _ => {
                let _ = write!(text, "%{byte:02X}");
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_encoded_as_the_console_wants_them() {
        assert!(alarm("eu-west-1", "a b/c").ends_with("alarm/a%20b%2Fc"));
        assert!(log_group("eu-west-1", "/ecs/web").ends_with("log-group/$252Fecs$252Fweb"));
        assert!(event("cn-north-1", "1").starts_with("https://cn-north-1.console.amazonaws.cn/"));
    }
}
