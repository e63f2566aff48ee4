var e=`名前
    ps - プロセスを一覧する（procps-ng）

書式
    ps
    ps aux
    ps -ef
    ps -p PID | -C NAME | -u USER
    ps -o pid,ppid,user:12,stat,etime,comm=NAME,args,…
    ps … [--sort=[-]KEY,…] [--no-headers]

このマシンで使えるもの
    メモリの数値は目安で、実際に測ったものではない。
    ここにないオプションは使えない。指定すると、その旨が表示される。
`;export{e as default};