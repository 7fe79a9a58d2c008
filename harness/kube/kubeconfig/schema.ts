import { z } from 'zod';

/** Go, which kubectl is written in, takes null for a field that is not there. */
const optional = <T extends z.ZodType>(type: T) =>
  type
    .nullish()
    .transform((value) => value ?? undefined)
    .optional();
const text = optional(z.string());

const Cluster = z.looseObject({
  server: text,
  'certificate-authority': text,
  'certificate-authority-data': text,
  'insecure-skip-tls-verify': optional(z.boolean()),
  'tls-server-name': text,
  'proxy-url': text,
});

const Context = z.looseObject({ cluster: text, user: text, namespace: text });

const Exec = z.looseObject({
  apiVersion: text,
  command: text,
  args: optional(z.array(z.string())),
  env: optional(z.array(z.looseObject({ name: z.string(), value: z.string() }))),
  installHint: text,
  provideClusterInfo: optional(z.boolean()),
  interactiveMode: text,
});

const AuthProvider = z.looseObject({ name: text, config: optional(z.record(z.string(), z.string())) });

const User = z.looseObject({
  'client-certificate': text,
  'client-certificate-data': text,
  'client-key': text,
  'client-key-data': text,
  token: text,
  tokenFile: text,
  username: text,
  password: text,
  as: text,
  'as-uid': text,
  'as-groups': optional(z.array(z.string())),
  'as-user-extra': optional(z.record(z.string(), z.array(z.string()))),
  exec: optional(Exec),
  'auth-provider': optional(AuthProvider),
});

/** A kubeconfig as kubectl reads it (k8s.io/client-go/tools/clientcmd/api/v1); fields it does not know are let be. */
export const Kubeconfig = z.looseObject({
  kind: text,
  'current-context': text,
  clusters: optional(z.array(z.looseObject({ name: z.string(), cluster: optional(Cluster) }))),
  contexts: optional(z.array(z.looseObject({ name: z.string(), context: optional(Context) }))),
  users: optional(z.array(z.looseObject({ name: z.string(), user: optional(User) }))),
});
export type Kubeconfig = z.infer<typeof Kubeconfig>;
export type ClusterEntry = z.infer<typeof Cluster>;
export type UserEntry = z.infer<typeof User>;
export type ExecEntry = z.infer<typeof Exec>;
export type AuthProviderEntry = z.infer<typeof AuthProvider>;
