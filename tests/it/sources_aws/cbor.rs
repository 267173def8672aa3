//! As much of CBOR as an answer of CloudWatch takes, written from JSON: what is called a timestamp is told as one.

use serde_json::Value;
use wiremock::ResponseTemplate;

/// Names whose numbers are seconds since 1970.
const MOMENTS: [&str; 5] = [
    "Timestamp",
    "Timestamps",
    "StateUpdatedTimestamp",
    "AlarmConfigurationUpdatedTimestamp",
    "StateTransitionedTimestamp",
];

pub fn answer(template: ResponseTemplate, body: &Value) -> ResponseTemplate {
    let bytes = bytes(body);
    template.insert_header("smithy-protocol", "rpc-v2-cbor").set_body_raw(bytes, "application/cbor")
}

/// What it weighs on its way.
pub fn size(body: &Value) -> usize {
    bytes(body).len()
}

fn bytes(body: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    write(&mut bytes, "", body);
    bytes
}

fn write(out: &mut Vec<u8>, name: &str, value: &Value) {
    match value {
        Value::Null => out.push(0xf6),
        Value::Bool(is_so) => out.push(if *is_so { 0xf5 } else { 0xf4 }),
        Value::Number(number) if MOMENTS.contains(&name) => {
            out.push(0xc1);
            double(out, number.as_f64().unwrap());
        }
        Value::Number(number) => match number.as_u64() {
            Some(whole) => head(out, 0, whole),
            None => double(out, number.as_f64().unwrap()),
        },
        Value::String(text) => {
            head(out, 3, text.len() as u64);
            out.extend(text.as_bytes());
        }
        Value::Array(things) => {
            head(out, 4, things.len() as u64);
            things.iter().for_each(|thing| write(out, name, thing));
        }
        Value::Object(fields) => {
            head(out, 5, fields.len() as u64);
            for (name, value) in fields {
                write(out, "", &Value::String(name.clone()));
                write(out, name, value);
            }
        }
    }
}

fn double(out: &mut Vec<u8>, value: f64) {
    out.push(0xfb);
    out.extend(value.to_be_bytes());
}

fn head(out: &mut Vec<u8>, major: u8, value: u64) {
    match value {
        0..24 => out.push((major << 5) | value as u8),
        _ => {
            out.push((major << 5) | 27);
            out.extend(value.to_be_bytes());
        }
    }
}
