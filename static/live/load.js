// This module knows how many messages of a change one can follow with one's eyes.

export const ONE_BY_ONE = 12; // messages of a change that get a dot each; more are drawn as grains

/** Whether more messages moved in a change than one can follow with one's eyes. */
export function isBusy({ sent }, { taken = [] } = {}, before = null) {
  return Boolean(before) && Math.max(sent - before.sent, new Set(taken.map(([id]) => id)).size) > ONE_BY_ONE;
}

/** Return a delay in ms for each of the grains that stand for so many messages. */
export function spread(count) {
  const grains = Math.round(Math.log2(1 + count) * 0.8);
  return Array.from({ length: grains }, (_, i) => (i * 100) / grains);
}
