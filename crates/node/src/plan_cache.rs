//! Plans that were just computed. A plan is a function of its request, its options and its figures, so the answer to the same
//! question is the same: who accepts or keeps a plan that was shown, or asks for the page again, need not wait for it twice.

use crate::limits::MOST_PLANS_REMEMBERED;
use kervan_model::Finding;
use kervan_planning::{Explained, Plan};
use std::collections::VecDeque;
use std::fmt::Debug;
use std::sync::{Mutex, PoisonError};

/// The last plans, each under the whole of its question. The network of a desk never changes.
#[derive(Default)]
pub(crate) struct PlanCache {
    plans: Mutex<VecDeque<(String, Plan)>>,
    explained: Mutex<VecDeque<(String, Explained)>>,
}

impl PlanCache {
    /// The remembered answer, or a new one.
    pub(crate) fn plan(
        &self,
        question: &impl Debug,
        answer: impl FnOnce() -> Result<Plan, Vec<Finding>>,
    ) -> Result<Plan, Vec<Finding>> {
        remembered(&self.plans, format!("{question:?}"), answer)
    }

    /// The remembered answer, or a new one.
    pub(crate) fn explain(
        &self,
        question: &impl Debug,
        answer: impl FnOnce() -> Result<Explained, Vec<Finding>>,
    ) -> Result<Explained, Vec<Finding>> {
        remembered(&self.explained, format!("{question:?}"), answer)
    }
}

/// Looks a question up; a new answer takes the place of the one that was not asked for longest. Refusals are not remembered:
/// they are quick.
fn remembered<T: Clone>(
    known: &Mutex<VecDeque<(String, T)>>,
    question: String,
    answer: impl FnOnce() -> Result<T, Vec<Finding>>,
) -> Result<T, Vec<Finding>> {
    let lock = || known.lock().unwrap_or_else(PoisonError::into_inner);
    let mut list = lock();
    if let Some(at) = list.iter().position(|(asked, _)| *asked == question)
        && let Some(found) = list.remove(at)
    {
        let result = found.1.clone();
        list.push_back(found);
        return Ok(result);
    }
    drop(list);
    let result = answer()?;
    let mut list = lock();
    if list.len() >= MOST_PLANS_REMEMBERED {
        list.pop_front();
    }
    list.push_back((question, result.clone()));
    Ok(result)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_answered_once_and_the_oldest_answer_goes() {
        let known = Mutex::new(VecDeque::new());
        let mut asked = 0;
        let mut ask = |number: usize| {
            remembered(&known, number.to_string(), || {
                asked += 1;
                Ok(number)
            })
        };
        for _ in 0..3 {
            assert_eq!(ask(0), Ok(0));
        }
        for number in 1..MOST_PLANS_REMEMBERED {
            assert_eq!(ask(number), Ok(number));
        }
        // The first was asked for again, so the second goes.
        assert_eq!((ask(0), ask(MOST_PLANS_REMEMBERED)), (Ok(0), Ok(MOST_PLANS_REMEMBERED)));
        assert_eq!((ask(0), ask(1)), (Ok(0), Ok(1)));
        assert_eq!(asked, MOST_PLANS_REMEMBERED + 2);
        assert_eq!(known.lock().unwrap().len(), MOST_PLANS_REMEMBERED);
    }
}
