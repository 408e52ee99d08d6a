use chrono::DateTime;

use super::*;

/// The same the slow way: everything that holds is listed at each moment. Moments with status and causes.
fn naive(standing: Standing, mut edges: Vec<Edge>) -> Vec<(Option<Moment>, Status, Vec<ThreadIx>)> {
    edges.sort_unstable();
    let mut states = vec![(None, standing.status(), Vec::new())];
    let mut holding: Vec<(Impact, ThreadIx)> = Vec::new();
    for (at, (moment, begins, impact, thread)) in edges.iter().copied().enumerate() {
        if begins {
            holding.push((impact, thread));
        } else if let Some(position) = holding.iter().position(|held| *held == (impact, thread)) {
            holding.swap_remove(position);
        }
        if edges.get(at + 1).is_some_and(|next| next.0 == moment) {
            continue;
        }
        let worst = holding.iter().map(|(impact, _)| *impact).max();
        let status = worst.map_or(standing.status(), Impact::status);
        let mut causes: Vec<ThreadIx> = holding.iter().filter(|held| Some(held.0) == worst).map(|held| held.1).collect();
        causes.sort_unstable();
        causes.dedup();
        if states.last().is_some_and(|last| (last.1, &last.2) != (status, &causes)) {
            states.push((Some(moment), status, causes));
        }
    }
    states
}

fn assert_as_naive(standing: Standing, edges: &[Edge], moments: &[i64]) {
    let expected = naive(standing, edges.to_vec());
    for now in moments.iter().map(|minute| minute_of(*minute)) {
        let made = timeline(standing, edges.to_vec(), now);
        let segments: Vec<_> = made.segments.iter().map(|segment| (segment.from, segment.status)).collect();
        assert_eq!(segments, expected.iter().map(|state| (state.0, state.1)).collect::<Vec<_>>(), "{edges:?}");
        let present = expected.iter().rev().find(|state| state.0.is_none_or(|from| from <= now)).unwrap();
        assert_eq!(made.causes, present.2, "at {now} of {edges:?}");
    }
}

fn minute_of(minute: i64) -> Moment {
    DateTime::from_timestamp(1_700_000_000 + 60 * minute, 0).unwrap()
}

/// Numbers that look like chance and are the same in each run.
fn random(state: &mut u64, below: u64) -> u64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*state >> 33) % below
}

#[test]
fn causes_that_come_and_go_at_the_same_moments_give_the_states_of_a_naive_reading() {
    let mut state = 7;
    for round in 0..2000 {
        let mut edges: Vec<Edge> = Vec::new();
        for _ in 0..random(&mut state, 12) {
            let (from, lasts) = (random(&mut state, 10) as i64, random(&mut state, 6) as i64);
            let impact = Impact::ALL[random(&mut state, 5) as usize];
            let thread = random(&mut state, 3) as usize;
            edges.push((minute_of(from), true, impact, thread));
            if lasts < 5 {
                edges.push((minute_of(from + lasts), false, impact, thread));
            }
        }
        assert_as_naive(Standing::ALL[round % 3], &edges, &(-1..16).collect::<Vec<_>>());
    }
}

#[test]
fn thousands_of_open_events_give_the_states_of_a_naive_reading() {
    let mut state = 11;
    let mut edges: Vec<Edge> = Vec::new();
    for thread in 0..3000 {
        let impact = [Impact::Degraded, Impact::MajorOutage][random(&mut state, 2) as usize];
        edges.push((minute_of(thread as i64), true, impact, thread));
        if random(&mut state, 10) == 0 {
            edges.push((minute_of(thread as i64 + 500), false, impact, thread));
        }
    }
    assert_as_naive(Standing::Operational, &edges, &[-1, 0, 700, 2999, 9999]);
}
