//! Makes checked expressions cheaper to evaluate without changing what they mean.
//!
//! CEL resolves `declaration.gross_mass` by trying `declaration.gross_mass` as one name in every scope, then
//! `declaration`, then the field. Here the path becomes one name once and for all, and the context offers that name.

use cel::IdedExpr;
use cel::common::ast::Expr;

/// Roots whose fields the context offers as names of their own.
pub(crate) const FLAT_ROOTS: [&str; 6] =
    ["declaration", "departure", "destination", "parameters", "tables", "it"];

/// Replaces `root.field` by the one name `root.field`, except where a loop has given the root another meaning.
pub(crate) fn flatten(expression: &mut IdedExpr) {
    walk(expression, &mut Vec::new());
}

fn walk(expression: &mut IdedExpr, locals: &mut Vec<String>) {
    if let Some(name) = flat_name(&expression.expr, locals) {
        expression.expr = Expr::Ident(name);
        return;
    }
    match &mut expression.expr {
        Expr::Call(call) => {
            for child in call.target.as_deref_mut().into_iter().chain(&mut call.args) {
                walk(child, locals);
            }
        }
        // `has(root.field)` asks the record itself whether it has the field.
        Expr::Select(select) if select.test && matches!(select.operand.expr, Expr::Ident(_)) => {}
        Expr::Select(select) => walk(&mut select.operand, locals),
        Expr::List(list) => list.elements.iter_mut().for_each(|element| walk(element, locals)),
        Expr::Comprehension(inner) => {
            walk(&mut inner.iter_range, locals);
            walk(&mut inner.accu_init, locals);
            let outside = locals.len();
            locals.extend([inner.iter_var.clone(), inner.accu_var.clone()]);
            for child in [&mut inner.loop_cond, &mut inner.loop_step, &mut inner.result] {
                walk(child, locals);
            }
            locals.truncate(outside);
        }
        Expr::Literal(_) | Expr::Ident(_) | Expr::Map(_) | Expr::Struct(_) | Expr::Unspecified => {}
    }
}

fn flat_name(expression: &Expr, locals: &[String]) -> Option<String> {
    let Expr::Select(select) = expression else { return None };
    let Expr::Ident(root) = &select.operand.expr else { return None };
    let flat = !select.test && FLAT_ROOTS.contains(&root.as_str()) && !locals.contains(root);
    flat.then(|| format!("{root}.{}", select.field))
}
