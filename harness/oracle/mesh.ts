/** Where a workload stands: with the mesh's proxy beside it or ambient in front of it, or without. */
export type MeshSide = 'meshed' | 'plain';
export type MtlsMode = 'STRICT' | 'PERMISSIVE' | 'DISABLE';

/** Modes set on the server's side; `UNSET` or absent inherits from the next wider scope. */
export interface MtlsModes {
  readonly mesh?: MtlsMode | 'UNSET';
  readonly namespace?: MtlsMode | 'UNSET';
  readonly workload?: MtlsMode | 'UNSET';
  /** Of the port dialled (the workload's port, not the Service's); needs a workload selector in Istio. */
  readonly port?: MtlsMode | 'UNSET';
}

export interface MeshQuestion {
  readonly client: MeshSide;
  readonly server: MeshSide;
  readonly modes?: MtlsModes;
  /** What the client's proxy does on its own: `auto` follows the server, `off` was forced to plaintext. */
  readonly clientTls?: 'auto' | 'off';
}

/** `reset`: the server's proxy closes the connection after accepting it (a plaintext client sees a reset). */
export interface MeshAnswer {
  readonly verdict: 'open' | 'reset';
  readonly encrypted: boolean;
  readonly mode: MtlsMode;
  readonly reason: string;
}

const scopes = ['port', 'workload', 'namespace', 'mesh'] as const;

/** Returns the mode in force and the scope that set it; without any, meshes accept both (PERMISSIVE). */
export function effectiveMode(modes: MtlsModes = {}): { mode: MtlsMode; scope: (typeof scopes)[number] | 'default' } {
  for (const scope of scopes) {
    const mode = modes[scope];
    if (mode !== undefined && mode !== 'UNSET') return { mode, scope };
  }
  return { mode: 'PERMISSIVE', scope: 'default' };
}

/**
 * Returns whether a connection succeeds and whether it is encrypted on the wire. The narrowest scope wins: port,
 * workload, namespace, mesh. Source: Istio PeerAuthentication reference and "Understanding TLS configuration" (auto
 * mTLS: a meshed client uses mTLS exactly when the server's proxy accepts it).
 */
export function expectedMesh({ client, server, modes, clientTls = 'auto' }: MeshQuestion): MeshAnswer {
  const { mode, scope } = effectiveMode(modes);
  const set = scope === 'default' ? 'no policy sets a mode, PERMISSIVE by default' : `${mode} by ${scope}`;
  if (server === 'plain') {
    const reason = 'open, plaintext: the server has no proxy, so its mode does not apply and no one ends TLS';
    return { verdict: 'open', encrypted: false, mode, reason };
  }
  const offersTls = client === 'meshed' && clientTls === 'auto';
  if (offersTls && mode !== 'DISABLE')
    return { verdict: 'open', encrypted: true, mode, reason: `open, mTLS: both sides are meshed, ${set}` };
  const who =
    client === 'plain'
      ? 'the client has no proxy'
      : offersTls
        ? 'the server accepts no mTLS'
        : 'the client sends plaintext';
  if (mode === 'STRICT')
    return { verdict: 'reset', encrypted: false, mode, reason: `reset: ${who} and the server demands mTLS, ${set}` };
  return { verdict: 'open', encrypted: false, mode, reason: `open, plaintext: ${who}, ${set}` };
}
