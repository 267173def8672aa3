//! `sitroom keys`: what every key does, a table for each context.

use super::{Exit, Failure, Out, Run, Start, looks};
use crate::keymap::{Binding, Context, Keymap};
use clap::Args;

/// What the keys do, context by context
#[derive(Debug, Args)]
pub(super) struct Keys;

impl Run for Keys {
    /// Of a keymap with mistakes the good part is shown, and the mistakes are said.
    fn run(&self, start: &Start, out: &mut Out) -> Result<Exit, Failure> {
        let name = start.settings().ui.keymap.as_deref().unwrap_or("default");
        let Some((keymap, problems)) = looks::keymap(start, name) else {
            let known = looks::keymap_names(start).join(", ");
            return Err(Failure::usage(
                format!("there is no keymap `{name}`"),
                format!("choose one of {known}"),
            ));
        };
        for (place, context) in Context::ALL.into_iter().enumerate() {
            if place > 0 {
                out.line("")?;
            }
            table(&keymap, context, out)?;
        }
        let mut exit = Exit::Done;
        for problem in &problems {
            exit = Failure::usage(problem.to_string(), "").report();
        }
        Ok(exit)
    }
}

fn table(keymap: &Keymap, context: Context, out: &mut Out) -> Result<(), Failure> {
    out.line(format_args!("[{context}]"))?;
    let bindings = keymap.bindings(context);
    let keys = width(&bindings, |binding| binding.keys.chars().count());
    let verbs = width(&bindings, |binding| binding.verb.to_string().len());
    for Binding { keys: chords, verb } in &bindings {
        out.line(format_args!("{chords:keys$}  {:verbs$}  {}", verb.to_string(), verb.doc()))?;
    }
    Ok(())
}

fn width(bindings: &[Binding], of: impl Fn(&Binding) -> usize) -> usize {
    bindings.iter().map(of).max().unwrap_or(0)
}
