import { apiCut } from './api-cut.ts';
import { bandwidth } from './bandwidth.ts';
import { componentPause } from './component-pause.ts';
import { containerSignal } from './container-signal.ts';
import { corrupt } from './corrupt.ts';
import { delay } from './delay.ts';
import { dns } from './dns.ts';
import { drain } from './drain.ts';
import { duplicate } from './duplicate.ts';
import { isolate } from './isolate.ts';
import { kubeletStop } from './kubelet-stop.ts';
import { loss } from './loss.ts';
import { mtuHole } from './mtu-hole.ts';
import { partition } from './partition.ts';
import { pause } from './pause.ts';
import { podKill } from './pod-kill.ts';
import { reject } from './reject.ts';
import { reorder } from './reorder.ts';
import { reset } from './reset.ts';
import { scale } from './scale.ts';
import { taint } from './taint.ts';
import { unready } from './unready.ts';

/** Every kind of fault, one a file beside this one. */
export const drivers = [
  ...[loss, delay, reorder, duplicate, corrupt, bandwidth, mtuHole],
  ...[isolate, reject, reset, dns, partition, apiCut],
  ...[podKill, containerSignal, unready],
  ...[pause, componentPause, kubeletStop, scale, taint, drain],
] as const;
