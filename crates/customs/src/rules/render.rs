//! Expressions as text again, in one form for each meaning, so that equal terms have equal names.

use cel::IdedExpr;
use cel::common::ast::{Expr, LiteralValue, operators};

/// An expression as text. Operands of symmetric operators are put in order; loops are written as calls.
pub(crate) fn render(expression: &IdedExpr) -> String {
    match &expression.expr {
        Expr::Ident(name) => name.clone(),
        Expr::Literal(literal) => literal_text(literal),
        Expr::Select(select) if select.test => format!("has({}.{})", render(&select.operand), select.field),
        Expr::Select(select) => format!("{}.{}", render(&select.operand), select.field),
        Expr::List(list) => {
            format!("[{}]", list.elements.iter().map(render).collect::<Vec<_>>().join(", "))
        }
        Expr::Call(call) => {
            let mut parts: Vec<String> =
                call.target.as_deref().into_iter().chain(&call.args).map(render).collect();
            let name = call.func_name.as_str();
            if matches!(name, operators::EQUALS | operators::NOT_EQUALS | operators::MULTIPLY) {
                parts.sort();
            }
            match (name.strip_prefix('_').and_then(|rest| rest.strip_suffix('_')), parts.as_slice()) {
                (Some(symbol), [left, right]) => format!("({left} {symbol} {right})"),
                _ if name == operators::IN => format!("({})", parts.join(" in ")),
                _ if name == operators::LOGICAL_NOT => format!("!{}", parts.join("")),
                _ => format!("{name}({})", parts.join(", ")),
            }
        }
        Expr::Comprehension(inner) => format!(
            "loop({}, {}, {}, {}, {}, {})",
            inner.iter_var,
            render(&inner.iter_range),
            render(&inner.accu_init),
            render(&inner.loop_cond),
            render(&inner.loop_step),
            render(&inner.result)
        ),
        Expr::Map(_) | Expr::Struct(_) | Expr::Unspecified => "?".to_owned(),
    }
}

fn literal_text(literal: &LiteralValue) -> String {
    match literal {
        LiteralValue::Boolean(value) => value.inner().to_string(),
        LiteralValue::Int(value) => value.inner().to_string(),
        LiteralValue::Double(value) => format!("{:?}", value.inner()),
        LiteralValue::String(value) => format!("'{}'", value.inner()),
        LiteralValue::Bytes(_) | LiteralValue::Null | LiteralValue::UInt(_) => "?".to_owned(),
    }
}

/// The longest paths that an expression reads, outside of loops, each once and in order: `declaration.gross_mass`, `it.hs`,
/// `goods`.
pub(crate) fn list_paths(expression: &IdedExpr) -> Vec<(String, IdedExpr)> {
    let mut paths: Vec<(String, IdedExpr)> = Vec::new();
    walk(expression, &mut Vec::new(), &mut paths);
    paths
}

/// The root of a path of selections.
fn root(expression: &IdedExpr) -> Option<&str> {
    match &expression.expr {
        Expr::Ident(name) => Some(name),
        Expr::Select(select) => root(&select.operand),
        _ => None,
    }
}

fn walk(expression: &IdedExpr, locals: &mut Vec<String>, paths: &mut Vec<(String, IdedExpr)>) {
    if let Some(name) = root(expression) {
        let local = locals.iter().any(|local| local == name);
        let mut path = expression.clone();
        if let Expr::Select(select) = &mut path.expr {
            select.test = false;
        }
        let text = render(&path);
        if !local && !paths.iter().any(|(known, _)| *known == text) {
            paths.push((text, path));
        }
        return;
    }
    match &expression.expr {
        Expr::Call(call) => {
            call.target.as_deref().into_iter().chain(&call.args).for_each(|child| walk(child, locals, paths));
        }
        Expr::Select(select) => walk(&select.operand, locals, paths),
        Expr::List(list) => list.elements.iter().for_each(|child| walk(child, locals, paths)),
        Expr::Comprehension(inner) => {
            walk(&inner.iter_range, locals, paths);
            let outside = locals.len();
            locals.extend([inner.iter_var.clone(), inner.accu_var.clone()]);
            for child in [&inner.accu_init, &inner.loop_cond, &inner.loop_step, &inner.result] {
                walk(child, locals, paths);
            }
            locals.truncate(outside);
        }
        Expr::Ident(_) | Expr::Literal(_) | Expr::Map(_) | Expr::Struct(_) | Expr::Unspecified => {}
    }
}
