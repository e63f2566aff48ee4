/**
 * What `netstat -s` (net-tools 2.10) makes of /proc/net/snmp and /proc/net/netstat: a sentence for a counter
 * that it knows, the counter's name for others, and nothing for what is 0, except for the commonest.
 */

/** A sentence, N standing for the number, and whether it is shown for 0 as well. */
type Sentence = readonly [string, true?];

const sentences: Readonly<Record<string, Readonly<Record<string, Sentence>>>> = {
  Ip: {
    InReceives: ['N total packets received', true],
    InHdrErrors: ['N with invalid headers'],
    InAddrErrors: ['N with invalid addresses'],
    ForwDatagrams: ['N forwarded', true],
    InUnknownProtos: ['N with unknown protocol'],
    InDiscards: ['N incoming packets discarded', true],
    InDelivers: ['N incoming packets delivered', true],
    OutRequests: ['N requests sent out', true],
    OutDiscards: ['N outgoing packets dropped'],
    OutNoRoutes: ['N dropped because of missing route'],
    ReasmTimeout: ['N fragments dropped after timeout'],
    ReasmReqds: ['N reassemblies required'],
    ReasmOKs: ['N packets reassembled ok'],
    ReasmFails: ['N packet reassemblies failed'],
    FragOKs: ['N outgoing packets fragmented ok'],
    FragFails: ['N outgoing packets failed fragmentation'],
    FragCreates: ['N fragments created'],
  },
  Icmp: {
    InMsgs: ['N ICMP messages received', true],
    InErrors: ['N input ICMP message failed', true],
    InDestUnreachs: ['destination unreachable: N'],
    InTimeExcds: ['timeout in transit: N'],
    InParmProbs: ['wrong parameters: N'],
    InSrcQuenchs: ['source quenches: N'],
    InRedirects: ['redirects: N'],
    InEchos: ['echo requests: N'],
    InEchoReps: ['echo replies: N'],
    InTimestamps: ['timestamp request: N'],
    InTimestampReps: ['timestamp reply: N'],
    InAddrMasks: ['address mask request: N'],
    InAddrMaskReps: ['address mask replies: N'],
    OutMsgs: ['N ICMP messages sent', true],
    OutErrors: ['N ICMP messages failed', true],
    OutDestUnreachs: ['destination unreachable: N'],
    OutTimeExcds: ['time exceeded: N'],
    OutParmProbs: ['wrong parameters: N'],
    OutSrcQuenchs: ['source quench: N'],
    OutRedirects: ['redirect: N'],
    OutEchos: ['echo requests: N'],
    OutEchoReps: ['echo replies: N'],
    OutTimestamps: ['timestamp requests: N'],
    OutTimestampReps: ['timestamp replies: N'],
    OutAddrMasks: ['address mask requests: N'],
    OutAddrMaskReps: ['address mask replies: N'],
  },
  Tcp: {
    ActiveOpens: ['N active connection openings', true],
    PassiveOpens: ['N passive connection openings', true],
    AttemptFails: ['N failed connection attempts', true],
    EstabResets: ['N connection resets received', true],
    CurrEstab: ['N connections established', true],
    InSegs: ['N segments received', true],
    OutSegs: ['N segments sent out', true],
    RetransSegs: ['N segments retransmitted', true],
    InErrs: ['N bad segments received', true],
    OutRsts: ['N resets sent', true],
  },
  Udp: {
    InDatagrams: ['N packets received', true],
    NoPorts: ['N packets to unknown port received', true],
    InErrors: ['N packet receive errors', true],
    OutDatagrams: ['N packets sent', true],
    RcvbufErrors: ['N receive buffer errors', true],
    SndbufErrors: ['N send buffer errors', true],
  },
  TcpExt: {
    SyncookiesSent: ['N SYN cookies sent'],
    SyncookiesRecv: ['N SYN cookies received'],
    SyncookiesFailed: ['N invalid SYN cookies received'],
    EmbryonicRsts: ['N resets received for embryonic SYN_RECV sockets'],
    PruneCalled: ['N packets pruned from receive queue because of socket buffer overrun'],
    RcvPruned: ['N packets pruned from receive queue'],
    OfoPruned: ['N packets dropped from out-of-order queue because of socket buffer overrun'],
    OutOfWindowIcmps: ['N ICMP packets dropped because they were out-of-window'],
    LockDroppedIcmps: ['N ICMP packets dropped because socket was locked'],
    TW: ['N TCP sockets finished time wait in fast timer'],
    TWRecycled: ['N time wait sockets recycled by time stamp'],
    PAWSActive: ['N active connections rejected because of time stamp'],
    PAWSEstab: ['N packets rejected in established connections because of timestamp'],
    DelayedACKs: ['N delayed acks sent'],
    DelayedACKLocked: ['N delayed acks further delayed because of locked socket'],
    DelayedACKLost: ['Quick ack mode was activated N times'],
    ListenOverflows: ['N times the listen queue of a socket overflowed'],
    ListenDrops: ['N SYNs to LISTEN sockets dropped'],
    TCPHPHits: ['N packet headers predicted', true],
    TCPPureAcks: ['N acknowledgments not containing data payload received'],
    TCPHPAcks: ['N predicted acknowledgments'],
    TCPRenoRecovery: ['N times recovered from packet loss due to fast retransmit'],
    TCPSACKReorder: ['Detected reordering N times using SACK'],
    TCPRenoReorder: ['Detected reordering N times using reno fast retransmit'],
    TCPTSReorder: ['Detected reordering N times using time stamp'],
    TCPFullUndo: ['N congestion windows fully recovered without slow start'],
    TCPPartialUndo: ['N congestion windows partially recovered using Hoe heuristic'],
    TCPLossUndo: ['N congestion windows recovered without slow start after partial ack'],
    TCPRenoFailures: ['N timeouts after reno fast retransmit'],
    TCPLossFailures: ['N timeouts in loss state'],
    TCPFastRetrans: ['N fast retransmits'],
    TCPSlowStartRetrans: ['N retransmits in slow start'],
    TCPRcvCollapsed: ['N packets collapsed in receive queue due to low socket buffer'],
    TCPAbortOnData: ['N connections reset due to unexpected data'],
    TCPAbortOnClose: ['N connections reset due to early user close'],
    TCPAbortOnMemory: ['N connections aborted due to memory pressure'],
    TCPAbortOnTimeout: ['N connections aborted due to timeout'],
    TCPAbortOnLinger: ['N connections aborted after user close in linger timeout'],
    TCPAbortFailed: ['N times unable to send RST due to no memory'],
    TCPMemoryPressures: ['TCP ran low on memory N times'],
  },
};

const settings: ReadonlySet<string> = new Set([
  'DefaultTTL',
  'RtoAlgorithm',
  'RtoMin',
  'RtoMax',
  'MaxConn',
]);

/** The lines under ICMP's two headings are those of the messages' types. */
const headings: Readonly<Record<string, string>> = {
  InDestUnreachs: 'ICMP input histogram:',
  OutDestUnreachs: 'ICMP output histogram:',
};

export type StatisticsOf = 'tcp' | 'udp' | 'raw';

/** Sections that belong to one protocol; all others are shown whatever is asked for. */
const ofProtocol: Readonly<Record<string, StatisticsOf>> = {
  Ip: 'raw',
  Icmp: 'raw',
  Tcp: 'tcp',
  TcpExt: 'tcp',
  Udp: 'udp',
};

/**
 * @param text the two files, one after the other
 * @param wanted empty: all
 */
export function formatStatistics(text: string, wanted: ReadonlySet<StatisticsOf>): string {
  const lines = text.split('\n').filter((line) => line !== '');
  let shown = '';
  for (let at = 0; at + 1 < lines.length; at += 2) {
    const [head = '', ...names] = (lines[at] ?? '').split(' ');
    const [, ...numbers] = (lines[at + 1] ?? '').split(' ');
    const section = head.slice(0, -1);
    const protocol = ofProtocol[section];
    if (wanted.size > 0 && protocol !== undefined && !wanted.has(protocol)) continue;
    shown += `${head}\n`;
    for (const [index, name] of names.entries())
      shown += counterLines(section, name, numbers[index] ?? '0');
  }
  return shown;
}

function counterLines(section: string, name: string, value: string): string {
  if (settings.has(name)) return '';
  const heading = section === 'Icmp' ? headings[name] : undefined;
  const [sentence, isAlways] = sentences[section]?.[name] ?? [`${name}: N`];
  const isOfType = section === 'Icmp' && sentence.endsWith(': N') && !sentence.startsWith(name);
  const line =
    value !== '0' || isAlways === true
      ? `${isOfType ? '        ' : '    '}${sentence.replace(/\bN\b/, value)}\n`
      : '';
  return (heading === undefined ? '' : `    ${heading}\n`) + line;
}
