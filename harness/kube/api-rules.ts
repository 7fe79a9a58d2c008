import { z } from 'zod';

/**
 * Rules of the API server that no published schema carries: they live in its code. Source: IsQualifiedName,
 * IsValidLabelValue, IsDNS1123Label, IsDNS1123Subdomain, IsDNS1035Label and IsValidPortName of
 * k8s.io/apimachinery/pkg/util/validation.
 */
const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const labelWord = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;

const isLabelKey = (key: string): boolean => {
  const [name = '', prefix, ...more] = key.split('/').reverse();
  if (more.length > 0 || name.length > 63 || !labelWord.test(name)) return false;
  return prefix === undefined || (prefix.length <= 253 && subdomain.test(prefix));
};
const isLabelValue = (value: string): boolean => value === '' || (value.length <= 63 && labelWord.test(value));
const isPortName = (name: string): boolean =>
  name.length <= 15 && label.test(name) && /[a-z]/.test(name) && !name.includes('--');

const keyError = 'no label key: an optional DNS prefix and "/", then at most 63 of letters, digits, "-", "_", "."';
const valueError = 'no label value: at most 63 of letters, digits, "-", "_", "." (no wildcards)';
const portNameError =
  'no port name: at most 15 of a-z, 0-9 and "-", with a letter (a number is written without quotes)';

/** Key of a label. */
export const LabelKey = z.string().refine(isLabelKey, { error: keyError });
/** Value of a label, also in selectors. */
export const LabelValue = z.string().refine(isLabelValue, { error: valueError });
export const Labels = z.record(LabelKey, LabelValue);
/** IANA service name: what container ports, target ports and policy ports may be called. */
export const PortName = z.string().refine(isPortName, { error: portNameError });
export const PortNumber = z.int().min(1).max(65535);
export const DnsLabel = z.string().max(63).regex(label, { error: 'no DNS label: a-z, 0-9 and "-", at most 63' });
export const DnsSubdomain = z
  .string()
  .max(253)
  .regex(subdomain, { error: 'no DNS name: a-z, 0-9, "-" and ".", at most 253' });
export const IpAddress = z.union([z.ipv4(), z.ipv6()], { error: 'not an IP address' });
export const Cidr = z.union([z.cidrv4(), z.cidrv6()], { error: 'not a CIDR such as 10.0.0.0/8 or fd00::/8' });
