var e=`名前
    systemctl - サービスを起動・停止・確認する

書式
    systemctl start|stop|restart|reload|enable|disable|status|is-active|is-enabled|cat SERVICE …
    systemctl list-units [--all] [--failed]
    systemctl list-unit-files

このマシンで使えるもの
    reload
        設定を読み込み直す。コネクションは切れない
    enable, disable
        マシンの起動時に開始するかどうか。--now を付けるとすぐに実行
    変更には sudo が必要。ポートが使われていると起動に失敗し、理由は status に出る。
    ここにないオプションは使えない。指定すると、その旨が表示される。
`;export{e as default};