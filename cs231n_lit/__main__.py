from cs231n_lit.around.cli import main
if __name__ == '__main__': raise SystemExit(main())
