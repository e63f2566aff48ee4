/**
 * Every lab done by tapping alone: for each step the lines, each as the chips that make it. A chip that
 * runs at once is a line of its own.
 */

export type Taps = Readonly<Record<string, readonly (readonly string[])[]>>;

const port = 'net.ipv4.ip_local_port_range';
const reserved = 'net.ipv4.ip_local_reserved_ports';
const startNginx = [['sudo ', 'systemctl ', 'start ', 'nginx']];
const fetchPort = ['curl -s -o /dev/null ', '-w "%{local_port}\\n" ', 'http://web2/'];

export const labTaps: Readonly<Record<string, Taps>> = {
  range: {
    read: [['sysctl ', port]],
    backup: [['sudo ', 'cp ', '/etc/sysctl.conf ', '/etc/sysctl.conf.bak']],
    edit: [['echo "', port, '=49152 65535', '" | sudo tee -a ', '/etc/sysctl.conf']],
    apply: [['sudo sysctl -p']],
    watch: [['sleep 45'], ['sudo ss -tnp']],
    restore: [['sudo cp ', '/etc/sysctl.conf.bak ', '/etc/sysctl.conf ']],
    discover: [['sudo sysctl -p'], [`sysctl ${port}`]],
    'bring-back': [['sudo sysctl -w ', port, '="32768 60999"']],
  },
  reserved: {
    before: [['curl -s http://web/']],
    write: [['echo ', reserved, '=32768-60500', ' | sudo tee -a ', '/etc/sysctl.conf']],
    apply: [['sudo sysctl -p']],
    next: [fetchPort, fetchPort],
    explicit: [['curl -s ', '--local-port 40000 ', 'http://web/']],
    empty: [
      ['sudo sed -i /reserved_ports/d /etc/sysctl.conf'],
      ['sudo sysctl -w ', `${reserved}=`],
    ],
  },
  taken: {
    try: startNginx,
    who: [['sudo ', 'ss -ltn', 'p']],
    free: [['sudo ', 'kill ', '3107']],
    start: startNginx,
    verify: [['ssh web ', 'curl -s ', 'http://10.0.0.2/']],
  },
  noon: {
    log: [['journalctl -u ', 'lunch-proxy']],
    count: [['ss ', '-tan', ' | grep -c TIME-WAIT']],
    whom: [['ss ', '-tn', 'o', ' state time-wait']],
    pool: [['cat /etc/sysctl.d/50-range.conf']],
    cure: [['sudo ', 'sysctl -w ', 'net.ipv4.tcp_tw_reuse=1'], ['sleep 130']],
    stay: [
      ['sudo ', "sed -i 's/keep_alive = no/keep_alive = yes/' /etc/lunch-proxy.conf"],
      ['sudo ', 'reboot'],
      ['sleep 130'],
    ],
  },
  'last-machine': {
    page: [
      ['sudo ', "sed -i 's/127.0.0.1:80/80/' /etc/nginx/nginx.conf"],
      ['sudo ', 'systemctl reload nginx'],
    ],
    stats: [['sudo iptables ', '-I INPUT ', '-p tcp --dport 8080 -j DROP']],
    ssh: [['sudo ', 'systemctl ', 'reload sshd']],
    lunch: [
      ['sudo ', 'rm /etc/sysctl.d/50-range.conf'],
      ['sudo ', 'sysctl -w net.ipv4.ip_local_port_range="32768 60999"'],
      ['sleep 70'],
    ],
    report: [
      ['echo net.ipv4.ip_local_reserved_ports=48005', ' | sudo tee -a /etc/sysctl.conf'],
      ['sudo sysctl -p'],
    ],
  },
  'moving-ssh': {
    look: [['sudo ', 'ss -ltn', 'p']],
    range: [['sysctl ', port]],
    edit: [
      ['sudo ', 'sed -i ', "'s/^#Port/Port/' ", '/etc/ssh/sshd_config'],
      ['echo Port 20022 ', '| sudo tee -a ', '/etc/ssh/sshd_config'],
    ],
    reload: [['sudo ', 'systemctl ', 'reload ', 'sshd']],
    verify: [['ssh web ', 'nc -zv ', '10.0.0.2 ', '20022']],
    remove: [
      ['sudo ', 'sed -i ', "'/^Port 22$/d' ", '/etc/ssh/sshd_config'],
      ['sudo ', 'systemctl ', 'reload ', 'sshd'],
    ],
    close: [
      [
        'sudo iptables ',
        '-A INPUT ',
        '-p tcp ',
        '--dport ',
        '22 ',
        '-m state --state NEW ',
        '-j DROP',
      ],
    ],
  },
};
