import { redactArgv } from '../../events/redact.ts';
import type { KubeObject } from '../../kube/types.ts';

const applied = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * Returns an object without what may be secret in it: environment variables keep their names only, command lines are redacted,
 * and what kubectl last applied (which repeats both) is gone, as is the record of who manages which field.
 */
export function withoutSecrets(object: KubeObject): KubeObject {
  const { annotations, ...metadata } = object.metadata;
  const kept = Object.entries(annotations ?? {}).filter(([key]) => key !== applied);
  const cleaned = {
    ...metadata,
    managedFields: undefined,
    ...(kept.length === 0 ? {} : { annotations: Object.fromEntries(kept) }),
  };
  return { ...object, spec: cleanedValue(object['spec']), metadata: cleaned };
}

function cleanedValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(cleanedValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, cleanedField(key, one)]));
}

function cleanedField(key: string, value: unknown): unknown {
  if (!Array.isArray(value)) return cleanedValue(value);
  if (key === 'env') return value.map((one: unknown) => ({ name: nameOf(one) }));
  if (key === 'args' || key === 'command') return redactArgv(value.map(String));
  return cleanedValue(value);
}

function nameOf(variable: unknown): unknown {
  return typeof variable === 'object' && variable !== null && 'name' in variable ? variable.name : undefined;
}
