export default function mount({ parentElement }) {
    parentElement.append("The map is being drawn soon.");
}
