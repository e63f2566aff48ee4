var e=`名前
    sshd - SSH サーバーの設定を確かめる

書式
    sshd -t | -T

このマシンで使えるもの
    ここにないオプションは使えない。指定すると、その旨が表示される。
`;export{e as default};