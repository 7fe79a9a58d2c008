/** A fault of an object by the schema that Kubernetes publishes. */
export interface SchemaFault {
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly keyword: string;
}

/** Validators of `kubernetes-models` are made by ajv, whose errors stand on the function. */
interface Validator {
  (data: unknown): boolean;
  readonly errors?: readonly AjvError[] | null;
}
interface AjvError {
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: {
    readonly type?: string;
    readonly missingProperty?: string;
    readonly allowedValues?: readonly string[];
  };
}

const load: Readonly<Record<string, () => Promise<{ validate: Validator }>>> = {
  'v1/Pod': () => import('kubernetes-models/_schemas/IoK8sApiCoreV1Pod'),
  'v1/Service': () => import('kubernetes-models/_schemas/IoK8sApiCoreV1Service'),
  'v1/Namespace': () => import('kubernetes-models/_schemas/IoK8sApiCoreV1Namespace'),
  'v1/Node': () => import('kubernetes-models/_schemas/IoK8sApiCoreV1Node'),
  'v1/Endpoints': () => import('kubernetes-models/_schemas/IoK8sApiCoreV1Endpoints'),
  'v1/ReplicationController': () => import('kubernetes-models/_schemas/IoK8sApiCoreV1ReplicationController'),
  'apps/v1/Deployment': () => import('kubernetes-models/_schemas/IoK8sApiAppsV1Deployment'),
  'apps/v1/ReplicaSet': () => import('kubernetes-models/_schemas/IoK8sApiAppsV1ReplicaSet'),
  'apps/v1/StatefulSet': () => import('kubernetes-models/_schemas/IoK8sApiAppsV1StatefulSet'),
  'apps/v1/DaemonSet': () => import('kubernetes-models/_schemas/IoK8sApiAppsV1DaemonSet'),
  'batch/v1/Job': () => import('kubernetes-models/_schemas/IoK8sApiBatchV1Job'),
  'batch/v1/CronJob': () => import('kubernetes-models/_schemas/IoK8sApiBatchV1CronJob'),
  'discovery.k8s.io/v1/EndpointSlice': () => import('kubernetes-models/_schemas/IoK8sApiDiscoveryV1EndpointSlice'),
  'networking.k8s.io/v1/NetworkPolicy': () => import('kubernetes-models/_schemas/IoK8sApiNetworkingV1NetworkPolicy'),
};

/** Finds what the published OpenAPI schema of a kind refuses: wrong types, missing fields, words that are none of it. */
export type PublishedSchemas = (apiVersion: string, kind: string, object: unknown) => readonly SchemaFault[];

/** Returns the schemas of these kinds (`apps/v1/Deployment`); what is not named or known is not checked. */
export async function publishedSchemas(kinds: ReadonlySet<string>): Promise<PublishedSchemas> {
  const wanted = [...kinds].flatMap((kind) => {
    const loading = load[kind];
    return loading === undefined ? [] : [loading().then(({ validate }) => [kind, validate] as const)];
  });
  const validators = new Map(await Promise.all(wanted));
  return (apiVersion, kind, object) => {
    const validate = validators.get(`${apiVersion}/${kind}`);
    if (validate === undefined || validate(object)) return [];
    return (validate.errors ?? [])
      .map(faultOf)
      .filter(({ path, keyword }) => keyword !== 'enum' || !isEmpty(object, path));
  };
}

function faultOf({ instancePath, keyword, params }: AjvError): SchemaFault {
  const segments = instancePath
    .split('/')
    .slice(1)
    .map((it) => it.replaceAll('~1', '/').replaceAll('~0', '~'));
  const path = segments.map((it) => (/^\d+$/.test(it) ? Number(it) : it));
  return { path, message: messageOf(keyword, params), keyword };
}

/** The API server takes "" for absent where a word is expected; where it does not, the rules in code say so. */
function isEmpty(object: unknown, path: readonly (string | number)[]): boolean {
  const at = (value: unknown, key: string | number): unknown =>
    typeof value === 'object' && value !== null ? (value as Record<string | number, unknown>)[key] : undefined;
  return path.reduce(at, object) === '';
}

function messageOf(keyword: string, { type, missingProperty, allowedValues }: AjvError['params']): string {
  if (type !== undefined) return `must be ${type}`;
  if (missingProperty !== undefined) return `${missingProperty} is required`;
  if (allowedValues !== undefined) return `must be one of ${allowedValues.join(', ')}`;
  return `is refused by the published schema (${keyword})`;
}
