import type { Finding } from './finding.ts';
import { type Inventory, nameOf, podsBehind, type WebhookConfiguration } from './objects.ts';

type Webhook = WebhookConfiguration['webhooks'][number];

/** Webhooks that fail closed: while their pods move, what they judge is refused, pods of the upgrade among it. */
export function webhookFindings(inventory: Inventory): Finding[] {
  return inventory.webhooks.flatMap((configuration) =>
    configuration.webhooks.flatMap((webhook) => findingOf(configuration, webhook, inventory)),
  );
}

function findingOf(configuration: WebhookConfiguration, webhook: Webhook, { services, pods }: Inventory): Finding[] {
  if (webhook.failurePolicy !== 'Fail') return [];
  const { service: ref } = webhook.clientConfig;
  if (ref === undefined) return [];
  const service = services.find(({ metadata }) => metadata.name === ref.name && metadata.namespace === ref.namespace);
  const count = service === undefined ? 0 : podsBehind(service, pods).length;
  const judgesPods = webhook.rules.some(({ resources }) => resources.some((one) => one === '*' || one === 'pods'));
  if (count > 1 && !judgesPods) return [];
  const what = count === 0 ? 'nothing serves it' : `${count} pod${count === 1 ? ' serves' : 's serve'} it`;
  return [
    {
      check: 'webhook',
      severity: count === 0 ? 'critical' : count === 1 ? 'warning' : 'info',
      object: `${configuration.kind} ${nameOf(configuration)}: ${webhook.name}`,
      what: `it fails closed${judgesPods ? ' and judges pods' : ''}; ${what}`,
      remedy: 'two replicas or more with a PodDisruptionBudget, failurePolicy Ignore, or leave kube-system out of it',
    },
  ];
}
