import { parse } from 'yaml';
import { z } from 'zod';
import { OrdealError } from '../base/errors.ts';

/** Of a JSON schema: what is read of a parameter. */
const Property = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  description: z.string().optional(),
  default: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  items: z.looseObject({ enum: z.array(z.unknown()).optional(), type: z.string().optional() }).optional(),
});
const Schema = z.looseObject({
  properties: z.record(z.string(), Property).default({}),
  required: z.array(z.string()).default([]),
});
export type ParamsSchema = z.infer<typeof Schema>;

/** Returns what a driver's parameters are, as JSON schema has it; of one with defaults, what may be left out. */
export function paramsSchema(params: z.ZodType): ParamsSchema {
  return Schema.parse(z.toJSONSchema(params, { io: 'input', unrepresentable: 'any' }));
}

/**
 * Returns the parameters of `--set NAME=VALUE` flags; values are YAML, and lists may be written with commas alone.
 * @throws OrdealError USAGE for another form or a parameter the fault does not have.
 */
export function readSettings(settings: readonly string[], schema: ParamsSchema): Record<string, unknown> {
  return Object.fromEntries(
    settings.map((setting) => {
      const [, name = '', value = ''] = /^([A-Za-z]+)=(.+)$/s.exec(setting) ?? [];
      const property = schema.properties[name];
      if (name === '') throw new OrdealError('USAGE', `--set ${setting}: write NAME=VALUE`);
      if (property === undefined) {
        const known = Object.keys(schema.properties).join(', ');
        throw new OrdealError('USAGE', `--set ${setting}: there is no parameter ${name}; there are ${known}`);
      }
      return [name, readValue(property.type === 'array' && !value.startsWith('[') ? `[${value}]` : value, setting)];
    }),
  );
}

function readValue(text: string, setting: string): unknown {
  try {
    return parse(text);
  } catch (cause) {
    throw new OrdealError('USAGE', `--set ${setting}: the value is no YAML`, { cause });
  }
}

/** Returns a line for each parameter: name, what it takes, default, meaning. */
export function describeParams({ properties, required }: ParamsSchema, leftOut: readonly string[]): string[] {
  const names = Object.keys(properties).filter((name) => !leftOut.includes(name));
  return names.map((name) => {
    const { description, default: usual, ...takes } = properties[name] ?? {};
    const must = required.includes(name) ? ' (needed)' : '';
    const otherwise = usual === undefined ? '' : `, default ${JSON.stringify(usual)}`;
    return `  ${name}${must}: ${valuesOf(takes)}${otherwise}${description === undefined ? '' : `; ${description}`}`;
  });
}

function valuesOf(property: z.infer<typeof Property>): string {
  const { type, enum: values, items } = property;
  if (values !== undefined) return values.map(String).join(' | ');
  if (type === 'array') return `list of ${items?.enum?.map(String).join(' | ') ?? items?.type ?? 'values'}`;
  const least = property.minimum ?? property.exclusiveMinimum;
  const range =
    least === undefined && property.maximum === undefined ? '' : ` ${least ?? ''}..${property.maximum ?? ''}`;
  return `${String(type ?? 'value')}${range}`;
}
