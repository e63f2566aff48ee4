/** The experiments of the lab: command lines, the same in every language. Their words are messages. */

import type { Messages } from '../../i18n/messages.ts';
import type { Chip } from './controls.ts';

export interface ExperimentLines {
  readonly key: keyof Messages['terminal']['lab']['experiments'];
  readonly lines: readonly string[];
}

export const experimentLines: readonly ExperimentLines[] = [
  {
    key: 'exhaust',
    lines: [
      'sudo sysctl -w net.ipv4.ip_local_port_range="40000 40009"',
      'for i in $(seq 12); do curl -s -o /dev/null -w "%{local_port}\\n" http://web/ || echo "exit $?"; done',
      'curl -v http://web/',
      'ss -tan state time-wait',
      'curl -s http://web2/',
      'sleep 61; curl -s http://web/',
    ],
  },
  {
    key: 'reserve',
    lines: [
      'sudo sysctl -w net.ipv4.ip_local_reserved_ports=1024-65535',
      'curl -sS http://web/',
      'curl -sS --local-port 50000 http://web/',
      'sudo sysctl -w net.ipv4.ip_local_reserved_ports=',
    ],
  },
  {
    key: 'conflict',
    lines: [
      'sudo python3 -m http.server 80 >/dev/null 2>&1 &',
      'sudo systemctl start nginx',
      'sudo systemctl status nginx',
      "sudo ss -ltnp 'sport = :80'",
      'sudo kill $(sudo lsof -t -i :80 -sTCP:LISTEN)',
      'sudo systemctl start nginx && curl -sI localhost',
    ],
  },
  {
    key: 'server-close',
    lines: [
      'curl -s http://web2/',
      "ss -tan 'dport = :80'",
      'curl -s http://web/',
      "ss -tano 'dport = :80'",
      "ssh web2 ss -tan 'sport = :80'",
    ],
  },
  {
    key: 'self',
    lines: [
      'nc -l 8080 &',
      'ss -ltnp',
      'lsof -i :8080',
      'nc -zv localhost 8080',
      "ss -tan '( sport = :8080 or dport = :8080 )'",
      'nc -zv localhost 8080',
    ],
  },
  {
    key: 'restore',
    lines: [
      'sudo cp /etc/sysctl.conf /etc/sysctl.conf.bak',
      'echo "net.ipv4.ip_local_port_range=49152 65535" | sudo tee -a /etc/sysctl.conf',
      'sudo sysctl -p',
      'sudo cp /etc/sysctl.conf.bak /etc/sysctl.conf; sudo sysctl -p',
      'sysctl net.ipv4.ip_local_port_range',
      'sudo reboot',
      'sysctl net.ipv4.ip_local_port_range',
    ],
  },
];

export const labChips: readonly Chip[] = [
  { text: 'sysctl net.ipv4.ip_local_port_range', runs: true },
  { text: 'ss -tan', runs: true },
  { text: 'sudo ss -ltnp', runs: true },
  { text: 'sudo lsof -i -nP', runs: true },
  { text: 'curl -s http://web/', runs: true },
  { text: 'sudo ' },
  { text: 'man ' },
  { text: 'sudo vi /etc/sysctl.conf' },
  { text: 'sudo sysctl -p', runs: true },
];
