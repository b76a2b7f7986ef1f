//! Systems of linear equations.

/// The solution of `matrix * x = right`, by elimination with the largest pivot of each column. `None`: there is no single one.
pub(crate) fn solve_linear(mut matrix: Vec<Vec<f64>>, mut right: Vec<f64>) -> Option<Vec<f64>> {
    /// Pivots below this are zero but for rounding.
    const LEAST_PIVOT: f64 = 1e-12;
    let count = right.len();
    for column in 0..count {
        let best = (column..count)
            .max_by(|one, other| matrix[*one][column].abs().total_cmp(&matrix[*other][column].abs()))?;
        matrix.swap(column, best);
        right.swap(column, best);
        let pivot_row = std::mem::take(&mut matrix[column]);
        if pivot_row[column].abs() < LEAST_PIVOT {
            return None;
        }
        for row in column + 1..count {
            let factor = matrix[row][column] / pivot_row[column];
            if factor != 0.0 {
                for (cell, pivot) in matrix[row].iter_mut().zip(&pivot_row).skip(column) {
                    *cell -= factor * pivot;
                }
                right[row] -= factor * right[column];
            }
        }
        matrix[column] = pivot_row;
    }
    for row in (0..count).rev() {
        let known: f64 = (row + 1..count).map(|column| matrix[row][column] * right[column]).sum();
        right[row] = (right[row] - known) / matrix[row][row];
    }
    Some(right)
}
