/** One node's share of a partition: what it drops of the pod traffic it exchanges with `peer`. */
export interface Cut {
  readonly node: string;
  readonly device: string;
  readonly peerIps: readonly string[];
  readonly peerMac: string;
  readonly podCidrs: readonly string[];
  readonly dropIn: boolean;
  readonly dropOut: boolean;
}

/**
 * UDP ports and IP protocols CNIs wrap pod traffic in: VXLAN (IANA and Linux), Geneve, WireGuard (Calico, Cilium);
 * IP-in-IP and ESP. Nothing else between the nodes is touched, so kubelet and API server keep talking.
 */
export const tunnelPorts = [4789, 8472, 6081, 51820, 51871] as const;
export const tunnelProtocols = [4, 50] as const;
