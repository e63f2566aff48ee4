var e=`名前
    kill - シグナルを送る

書式
    kill [-SIGNAL | -s SIGNAL | -n NUMBER] PID|%JOB …
    kill -l [SIGNAL …]

このマシンで使えるもの
    HUP はサービスに設定を読み込み直させる。TERM・INT・KILL はプロセスを終了させる。0 は確かめるだけ。
    ここにないオプションは使えない。指定すると、その旨が表示される。
`;export{e as default};