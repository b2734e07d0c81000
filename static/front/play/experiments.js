// All experiments by their names; pages/front/experiments.py has their words, step by step.
import { slow, stop } from "./burst.js";
import { nobody, third } from "./calm.js";
import { poison, reply } from "./doubt.js";
import { cut, killed, restart } from "./faults.js";
import { order } from "./order.js";

export const EXPERIMENTS = { nobody, third, stop, order, slow, restart, killed, cut, reply, poison };
